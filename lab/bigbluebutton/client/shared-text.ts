import { type XmlFragment, XmlText } from "yjs";

/** Keeps a shared text and an editor alike: what is typed becomes the smallest change that explains it. */
export function bindText(fragment: XmlFragment, editor: HTMLTextAreaElement): void {
  fragment.observeDeep(() => {
    const text = fragment.toString();
    if (editor.value !== text) editor.value = text;
  });
  editor.oninput = () => {
    const typed = editor.value;
    fragment.doc?.transact(() => replaceMiddle(textOf(fragment), typed));
  };
}

/** The one text in the fragment; the first to write puts it there. */
function textOf(fragment: XmlFragment): XmlText {
  if (fragment.length === 0) fragment.insert(0, [new XmlText()]);
  return fragment.get(0) as XmlText;
}

/** Makes the shared text equal to `wanted` by one removal and one insertion, between what is alike at both ends. */
export function replaceMiddle(text: XmlText, wanted: string): void {
  const old = text.toString();
  const shorter = Math.min(old.length, wanted.length);
  let start = 0;
  while (start < shorter && old[start] === wanted[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === wanted.at(-1 - end)) end += 1;
  text.delete(start, old.length - start - end);
  text.insert(start, wanted.slice(start, wanted.length - end));
}
