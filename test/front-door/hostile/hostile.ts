import type { Opening } from "../rig/wire";
import { following, type Law, type Place, say } from "./place";

export { type Law, raw, TOKEN } from "./place";

export const DOOR = "bbb.example.com";
export const CLIENT = "/bbb-01/html5client/";
export const HASHED = `${CLIENT}main.0123456789abcdef.js`;
export const API = "/bbb-01/bigbluebutton/api";

/** A request that nobody should send, and what it may get. */
export interface Hostile {
  name: string;
  send: string;
  opening?: Opening;
  law: Law;
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

/** A request to the proxy that is in order, but for what is said. */
export function message(method: string, target: string, lines: string[] = [], body = "", host = DOOR): string {
  return say(PROXY, method, target, { lines, body, host });
}

const FEEDBACK = `${API}/feedback`;
const reading = ["GET", "HEAD"];

/** The proxy: a client's page and its files, whose cache asks for the whole of each, and two paths of the API. */
export const PROXY: Place = {
  door: DOOR,
  open: [
    { path: CLIENT, law: () => reaches(CLIENT) },
    { path: HASHED, law: () => reaches(HASHED) },
    { path: API, law: (method) => reaches("/bigbluebutton/api", method) },
  ],
  folder: CLIENT,
  // The cache knows no query.
  arrives: (path) => reaches(path.split("?")[0] ?? ""),
  form: { path: FEEDBACK, law: (_, body) => reaches("/bigbluebutton/api/feedback", "POST", body) },
  limit: 65536,
  readOnly: { path: CLIENT, status: 405 },
  methods: [...[CLIENT, HASHED, API].map((path) => ({ path, open: reading })), { path: FEEDBACK, open: ["POST"] }],
  refusal: [405],
  home: HOME,
  // To its own address over TLS, whatever was said.
  strangers: refused(301),
  others: [],
};

/** What follows a hostile request to the proxy. */
export const FOLLOWING = following(PROXY);
