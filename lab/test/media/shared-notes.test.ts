import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import WebSocket from "crossws/websocket";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Doc, XmlText } from "yjs";

import { writeNotesServer } from "../../media/shared-notes-bundle";

const NOTES = "bn-document__meeting-1";
const folder = mkdtempSync(join(tmpdir(), "shared-notes-"));
const cleaners: (() => void)[] = [() => rmSync(folder, { recursive: true })];
let address = "";

beforeAll(async () => {
  const file = join(folder, "server.js");
  await writeNotesServer(file);
  const server = spawn(process.execPath, [file], { env: { PORT: "0" }, stdio: ["ignore", "pipe", "inherit"] });
  cleaners.unshift(() => server.kill());
  address = await new Promise((resolve) => {
    server.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim().replace("listening on ", "")));
  });
});

afterAll(() => {
  for (const clean of cleaners) clean();
});

/** Opens a document as nginx lets a user of `meetingId` in; resolves to the document, or to why it is not given. */
function open(name: string, meetingId?: string): Promise<Doc | string> {
  const headers = meetingId === undefined ? {} : { "Meeting-Id": meetingId };
  class Socket extends (WebSocket as unknown as new (url: string, options: object) => object) {
    constructor(url: string) {
      super(url, { headers });
    }
  }
  const websocketProvider = new HocuspocusProviderWebsocket({
    url: `ws://${address}/collaboration`,
    WebSocketPolyfill: Socket,
  });
  cleaners.unshift(() => websocketProvider.destroy());
  const document = new Doc();
  return new Promise((resolve) => {
    const onAuthenticationFailed = ({ reason }: { reason: string }) => resolve(reason);
    const onSynced = () => resolve(document);
    const callbacks = { onAuthenticationFailed, onSynced };
    new HocuspocusProvider({ websocketProvider, name, document, token: "token", ...callbacks }).attach();
  });
}

async function exportNotes(name: string, meetingId?: string): Promise<[number, unknown]> {
  const headers: Record<string, string> = meetingId === undefined ? {} : { "Meeting-Id": meetingId };
  const response = await fetch(`http://${address}/api/documents/${name}`, { headers });
  return [response.status, await response.json()];
}

test("what one user of a meeting writes, another reads, and it can be exported", async () => {
  const [one, other] = (await Promise.all([open(NOTES, "meeting-1"), open(NOTES, "meeting-1")])) as [Doc, Doc];
  const arrived = new Promise((resolve) => other.getXmlFragment("doc").observeDeep(resolve));
  one.getXmlFragment("doc").push([new XmlText("Agenda")]);
  await arrived;
  expect(other.getXmlFragment("doc").toString()).toBe("Agenda");
  expect(await exportNotes(NOTES, "meeting-1")).toEqual([200, { text: "Agenda" }]);
});

test("nobody opens or exports notes of another meeting, or without nginx having said who he is", async () => {
  expect(await open(NOTES, "meeting-2")).toBe("permission-denied");
  expect(await open(NOTES)).toBe("permission-denied");
  expect(await exportNotes(NOTES, "meeting-2")).toEqual([403, { error: "not a document of your meeting" }]);
  expect(await exportNotes(NOTES)).toEqual([403, { error: "not a document of your meeting" }]);
});
