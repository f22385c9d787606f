import { HocuspocusProvider } from "@hocuspocus/provider";
import { Doc } from "yjs";

import { element } from "./page";
import { ask, askJson, withToken } from "./request";
import { bindText } from "./shared-text";

/** Opens Etherpad's page in the notes' place; resolves to what to tell. */
export async function openPad(padsUrl: string, padId: string, sessionToken: string): Promise<string> {
  const url = withToken(`${padsUrl}/p/${encodeURIComponent(padId)}`, sessionToken);
  // Etherpad itself decides which pages may have a pad; a frame alone would not say whether it agreed.
  await (await ask(url, { credentials: "include" })).text();
  const frame = document.createElement("iframe");
  frame.title = "Etherpad";
  frame.src = url;
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
  });
  element("notes").replaceChildren(frame);
  await loaded;
  return `Etherpad at ${new URL(url, location.href).hostname}`;
}

/** Opens the notes of BlockNote, which are edited together over a websocket; resolves to what to tell. */
export async function openSharedText(serverHostname: string, padId: string, sessionToken: string): Promise<string> {
  const host = serverHostname || location.hostname;
  const editor = document.createElement("textarea");
  editor.disabled = true;
  element("notes").replaceChildren(editor);
  await connectEditor(editor, withToken(`wss://${host}/hocuspocus/collaboration`, sessionToken), padId, sessionToken);
  // As for a copy of the notes to keep.
  const documents = `https://${host}/hocuspocus/api/documents`;
  await askJson(withToken(`${documents}/${encodeURIComponent(padId)}`, sessionToken), { credentials: "include" });
  editor.disabled = false;
  return `Written together at ${host}`;
}

/** Resolves once the editor shows what the server has. */
function connectEditor(editor: HTMLTextAreaElement, url: string, name: string, token: string): Promise<void> {
  const shared = new Doc();
  bindText(shared.getXmlFragment("doc"), editor);
  return new Promise((resolve, reject) => {
    const refused = (reason: string) => {
      provider.destroy();
      editor.disabled = true;
      reject(new Error(`${new URL(url).host} does not give the notes to ${location.origin}: ${reason}`));
    };
    const provider = new HocuspocusProvider({
      url,
      name,
      document: shared,
      token,
      onSynced: () => resolve(),
      onAuthenticationFailed: ({ reason }) => refused(reason),
      onClose: ({ event }) => refused(`the websocket was closed, ${event.code}`),
    });
  });
}
