/** Lets whoever reads it into a meeting: in queries and referers, in no log. */
export const TOKEN = "s3ss10nt0ken";

/** What a request may get. */
export interface Law {
  /** What may be answered first; empty: nothing, the connection is closed. */
  statuses: number[];
  /** What reaches a node, and nothing else does: "bbb-01 GET /bbb-01/html5client/". */
  reaches: string[];
  /** A body that may reach the node. */
  body?: string;
}
/** A path, and what becomes of a request for it. */
export interface Open {
  path: string;
  law(method?: string, body?: string): Law;
}

/** A server that is asked what nobody should ask: its name, and what is open there. */
export interface Place {
  door: string;
  /** What anybody may get; the first is what is asked for when something else is hostile. */
  open: [Open, ...Open[]];
  /** A folder with all that is below it, and how a path there reaches what is behind the server. */
  folder: string;
  arrives(path: string): Law;
  /** What takes bodies, up to so many bytes. */
  form: Open;
  limit: number;
  /** What takes none, and what it says then. */
  readOnly: { path: string; status: number };
  /** Which methods are open where; any other gets one of the statuses. */
  methods: { path: string; open: string[] }[];
  refusal: number[];
  /** The page of the name itself. */
  home: Law;
  /** What is answered to others' names without TLS. */
  strangers: Law;
  /** Further names that are not its own. */
  others: string[];
}

/** A request to a server that is in order, but for what is said. */
export function say(
  { door, open: [page] }: Pick<Place, "door" | "open">,
  method: string,
  target: string,
  { lines = [], body = "", host = door }: { lines?: string[]; body?: string; host?: string } = {},
): string {
  const own = [
    `Host: ${host}`,
    `Cookie: sessionToken=${TOKEN}`,
    `Referer: https://${door}${page.path}?sessionToken=${TOKEN}`,
  ];
  return raw(`${method} ${target} HTTP/1.1`, ...own, ...lines, "", body);
}

/** Something that follows on the same connection: it is answered by 404 and closes it, or has been swallowed. */
export function following({ door }: Pick<Place, "door">): string {
  return raw("GET /following HTTP/1.1", `Host: ${door}`, "Connection: close", "", "");
}

/** Lines with the line ends of HTTP. */
export function raw(...lines: string[]): string {
  return lines.join("\r\n");
}
