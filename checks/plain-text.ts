/** What moves a cursor, hides or reorders text: control and format characters (C0, C1, bidirectional marks), line separators, halves of pairs. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text from elsewhere as one line that is safe to show: white space is a blank, nothing in it acts on a terminal, and it has an end. */
export function plainText(text: string, length = 1000): string {
  const line = text
    .slice(0, 4 * length)
    .replaceAll(/\s+/g, " ")
    .replaceAll(unprintable, "")
    .trim();
  return line.length > length ? `${line.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…` : line;
}
