import { createHash, timingSafeEqual } from "node:crypto";

import { checksumError } from "./bbb-error";

const algorithms: Record<number, string> = { 40: "sha1", 64: "sha256", 128: "sha512" };

/**
 * Refuses a call whose query, as it was sent, has not the right checksum (concerns/api_helper.rb).
 * @throws {BbbError} checksumError
 */
export function verifyChecksum(action: string, query: string, secret: string): void {
  const given = new URLSearchParams(query).get("checksum") ?? "";
  const algorithm = algorithms[given.length];
  if (algorithm === undefined) throw checksumError();
  const rest = query
    .split("&")
    .filter((part) => part !== `checksum=${given}`)
    .join("&");
  const expected = createHash(algorithm).update(`${action}${rest}${secret}`).digest("hex");
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(given.padEnd(expected.length).slice(0, expected.length)))) {
    throw checksumError();
  }
}

/** The URL of a call to a node, with its checksum: SHA-256, Scalelite's own default. */
export function nodeUrl(server: { url: string; secret: string }, action: string, parameters: URLSearchParams): string {
  const query = parameters.toString();
  const checksum = createHash("sha256").update(`${action}${query}${server.secret}`).digest("hex");
  return `${server.url.replace(/\/?$/, "/")}${action}?${query}${query ? "&" : ""}checksum=${checksum}`;
}
