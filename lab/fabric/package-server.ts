import { createReadStream, type Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import { pipeline } from "node:stream";

import { addresses } from "./addresses";
import type { ServerCertificate } from "./certificates";

/** Answers GET and HEAD with the files below the folders, for a folder with its page; the first that has a file wins. */
export function serveFolders(folders: readonly string[]): RequestListener {
  return (request, response) => {
    serve(folders, request, response).catch((error: Error) => {
      response.writeHead(500, { "Content-Type": "text/plain" }).end(`${error.message}\n`);
    });
  };
}

async function serve(folders: readonly string[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") return fail(response, 405, "only GET and HEAD");
  const path = filePath(request.url ?? "/");
  const file = path === null ? null : await find(folders, path);
  if (file === null) return fail(response, 404, `there is no ${request.url}`);
  const modified = file.stats.mtime.toUTCString();
  if (request.headers["if-modified-since"] === modified) return void response.writeHead(304).end();
  response.writeHead(200, {
    "Content-Length": file.stats.size,
    "Last-Modified": modified,
    // pip reads no page of another type.
    "Content-Type": file.name.endsWith(".html") ? "text/html" : "application/octet-stream",
  });
  if (request.method === "HEAD") return void response.end();
  pipeline(createReadStream(file.name), response, () => {});
}

/** The relative path a request target names, or null if it is malformed or leads upwards. */
export function filePath(target: string): string | null {
  try {
    const parts = decodeURIComponent(target.split("?")[0] ?? "")
      .split("/")
      .filter((part) => part !== "" && part !== ".");
    return parts.includes("..") || parts.some((part) => part.includes("\0")) ? null : parts.join("/");
  } catch {
    return null;
  }
}

async function find(folders: readonly string[], path: string): Promise<{ name: string; stats: Stats } | null> {
  for (const folder of folders) {
    for (const name of [join(folder, path), join(folder, path, "index.html")]) {
      const stats = await stat(name).catch(() => null);
      if (stats?.isFile()) return { name, stats };
    }
  }
  return null;
}

function fail(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "Content-Type": "text/plain" }).end(`${message}\n`);
}

/** Starts the package mirror and installer server on its addresses, ports 80 and 443. */
export async function startPackageServer(folders: readonly string[], server: ServerCertificate): Promise<void> {
  const handler = serveFolders(folders);
  const tls = { cert: await readFile(server.certificate), key: await readFile(server.key) };
  for (const host of Object.values(addresses.packages)) {
    await listening(createServer(handler), host, 80);
    await listening(createTlsServer(tls, handler), host, 443);
  }
}

function listening(server: ReturnType<typeof createServer>, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}
