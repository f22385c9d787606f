import type { IncomingMessage, ServerResponse } from "node:http";
import { type Document, Server } from "@hocuspocus/server";
import { applyUpdate, encodeStateAsUpdate } from "yjs";

const DOCUMENT_PREFIX = "bn-document__";
const DOCUMENT_PATH = "/api/documents/";

/** What a document held when the last user left it; BigBlueButton keeps it in PostgreSQL. */
const stored = new Map<string, Uint8Array>();

/** The meeting whose notes a document is. */
function meetingOf(documentName: string): string {
  return documentName.startsWith(DOCUMENT_PREFIX) ? documentName.slice(DOCUMENT_PREFIX.length) : documentName;
}

/** nginx has asked bbb-web and says who this is; without its headers nobody gets in. */
function mayOpen(documentName: string, meetingId: string | string[] | null | undefined): boolean {
  return typeof meetingId === "string" && meetingId !== "" && meetingOf(documentName) === meetingId;
}

/** Answers `GET /api/documents/<name>` with the text of the notes; anything else is not there. */
function answer(request: IncomingMessage, response: ServerResponse, documents: Map<string, Document>): void {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const name = path.startsWith(DOCUMENT_PATH) ? decodeURIComponent(path.slice(DOCUMENT_PATH.length)) : undefined;
  if (name === undefined || request.method !== "GET") {
    reply(response, 404, { error: "not found" });
  } else if (mayOpen(name, request.headers["meeting-id"])) {
    reply(response, 200, { text: documents.get(name)?.getXmlFragment("doc").toString() ?? "" });
  } else {
    reply(response, 403, { error: "not a document of your meeting" });
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

const server = new Server({
  name: "bigbluebutton-hocuspocus",
  address: "127.0.0.1",
  port: Number(process.env["PORT"] ?? 8787),
  quiet: true,
  async onAuthenticate({ documentName, requestHeaders }) {
    if (!mayOpen(documentName, requestHeaders.get("meeting-id"))) throw new Error("Unauthorized");
  },
  async onLoadDocument({ document, documentName }) {
    const update = stored.get(documentName);
    if (update !== undefined) applyUpdate(document, update);
  },
  async onStoreDocument({ document, documentName }) {
    stored.set(documentName, encodeStateAsUpdate(document));
  },
  async onRequest({ request, response, instance }) {
    answer(request, response, instance.documents);
    // Without a reason: it has been answered, hocuspocus must not greet as well.
    return Promise.reject();
  },
});

server.listen().then(() => console.log(`listening on 127.0.0.1:${server.address.port}`));
