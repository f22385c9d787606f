import type { Opening } from "../rig/wire";

export const DOOR = "bbb.example.com";
export const CLIENT = "/bbb-01/html5client/";
export const HASHED = `${CLIENT}main.0123456789abcdef.js`;
export const API = "/bbb-01/bigbluebutton/api";

/** Lets whoever reads it into a meeting: in queries and referers, in no log. */
export const TOKEN = "s3ss10nt0ken";

/** A request that nobody should send, and what it may get. */
export interface Hostile {
  name: string;
  send: string;
  opening?: Opening;
  law: Law;
}

export interface Law {
  /** What may be answered first; empty: nothing, the connection is closed. */
  statuses: number[];
  /** What reaches a node, and nothing else does: "bbb-01 GET /bbb-01/html5client/". */
  reaches: string[];
  /** A body that may reach the node. */
  body?: string;
}

export function refused(...statuses: number[]): Law {
  return { statuses, reaches: [] };
}

/** The proxy's own page, and no node is asked. */
export const HOME: Law = { statuses: [200], reaches: [] };

/** The first node is asked for a path, as it is named here. */
export function reaches(path: string, method = "GET", body = ""): Law {
  return { statuses: [200], reaches: [`bbb-01 ${method} ${path}`], body };
}

/** A request that is in order, but for what is said. */
export function message(method: string, target: string, lines: string[] = [], body = "", host = DOOR): string {
  const own = [
    `Host: ${host}`,
    `Cookie: sessionToken=${TOKEN}`,
    `Referer: https://${DOOR}${CLIENT}?sessionToken=${TOKEN}`,
  ];
  return raw(`${method} ${target} HTTP/1.1`, ...own, ...lines, "", body);
}

/** Lines with the line ends of HTTP. */
export function raw(...lines: string[]): string {
  return lines.join("\r\n");
}

/** Something that follows on the same connection: it is answered by 404 and closes it, or has been swallowed. */
export const FOLLOWING = raw("GET /following HTTP/1.1", `Host: ${DOOR}`, "Connection: close", "", "");
