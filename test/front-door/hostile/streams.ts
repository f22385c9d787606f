import * as http2 from "../rig/frames";
import type { Place } from "./place";

/** What is said over HTTP/2, byte by byte, and what it may get. */
export interface HostileFrames {
  name: string;
  frames: Buffer[];
  /** The first answer: a status, "reset" or "goaway" with its code, or one of two; null: none, but the connection is still good. */
  answer: string | null;
  reaches: string[];
  body?: string;
}

export type Field = [name: string, value: string];

/** The fields of a request to a place that are neither headers nor body: as everybody says them, but for what is said. */
export const pseudoOf =
  ({ door, open: [page] }: Pick<Place, "door" | "open">) =>
  (path = page.path, method = "GET", authority = door, scheme = "https"): Field[] => [
    [":method", method],
    [":scheme", scheme],
    [":authority", authority],
    [":path", path],
  ];
/** Debian 12's nginx ends the stream without a word, Debian 13's says why. */
const REFUSED_AT_ONCE = "reset 1 or 400";
const REFUSED = { reaches: [] };
export const WHOLE = http2.END_HEADERS | http2.END_STREAM;
export const ask = (list: Field[], stream = 1, flags = WHOLE) =>
  http2.frame(http2.HEADERS, flags, stream, http2.fields(...list));

type List = [name: string, list: Field[], answer: string, reaches?: string[]];

function listsAt({ door: DOOR, open: [page], folder, readOnly }: Place, pseudo: ReturnType<typeof pseudoOf>): List[] {
  const { path: CLIENT } = page;
  const PAGE = page.law().reaches;
  const without = (name: string) => pseudo().filter(([other]) => other !== name);
  return [
    ["another's authority", pseudo(CLIENT, "GET", "evil.example"), "421"],
    ["a node's authority", pseudo(CLIENT, "GET", "bbb-01.example.com"), "421"],
    ["the way to the nodes as authority", pseudo(CLIENT, "GET", "127.0.0.1:8480"), "421"],
    ["an authority with a user", pseudo(CLIENT, "GET", `user@${DOOR}`), "421"],
    ["an authority and another host", [...pseudo(), ["host", "evil.example"]], "400"],
    ["another's authority and our host", [...pseudo(CLIENT, "GET", "evil.example"), ["host", DOOR]], "400"],
    ["neither authority nor host", without(":authority"), "400"],
    ["another's host and no authority", [...without(":authority"), ["host", "evil.example"]], "421"],
    ["a host and no authority", [...without(":authority"), ["host", DOOR]], "200", PAGE],
    ["no method", without(":method"), "400"],
    ["no path", without(":path"), "400"],
    ["no scheme", without(":scheme"), "400"],
    ["two paths", [...pseudo(), [":path", "/"]], "400"],
    ["two methods", [...pseudo(), [":method", "POST"]], "400"],
    ["two authorities", [...pseudo(), [":authority", "evil.example"]], "400"],
    ["two schemes", [...pseudo(), [":scheme", "http"]], "400"],
    ["an unknown pseudo header", [...pseudo(), [":hostile", "x"]], "400"],
    ["a status in a request", [...pseudo(), [":status", "200"]], "400"],
    ["a websocket by CONNECT", [...pseudo(CLIENT, "CONNECT"), [":protocol", "websocket"]], "400"],
    [
      "CONNECT to the way to the nodes",
      [
        [":method", "CONNECT"],
        [":authority", "127.0.0.1:8480"],
      ],
      "400 or 421",
    ],
    ...["", "x", "*", "https://evil.example/", `https://${DOOR}/`, `${CLIENT}x y`].map(
      (path): [string, Field[], string] => [`the path ${JSON.stringify(path)}`, pseudo(path), "400"],
    ),
    ...["/ HTTP/1.1\r\nHost: evil.example", `${CLIENT}\r\nX-Injected: x`, `${CLIENT}\n`, `${CLIENT}x\0`].map(
      (path): [string, Field[], string] => [`the path ${JSON.stringify(path)}`, pseudo(path), REFUSED_AT_ONCE],
    ),
    ["a way up", pseudo(`${folder}../bigbluebutton/api/create`), "404"],
    ["a host in its path", pseudo("//bbb-01.example.com/html5client/"), "404"],
    ...["POST", "DELETE"].map((method): List => [method, pseudo(readOnly.path, method), `${readOnly.status}`]),
    ...["TRACE", "CONNECT"].map((method): List => [method, pseudo(readOnly.path, method), "405"]),
    ...["get", "GET ", ""].map((method): [string, Field[], string] => [
      `the method ${JSON.stringify(method)}`,
      pseudo(CLIENT, method),
      "400",
    ]),
    ...["GET / HTTP/1.1\r\nX: y", "G\0T"].map((method): [string, Field[], string] => [
      `the method ${JSON.stringify(method)}`,
      pseudo(CLIENT, method),
      REFUSED_AT_ONCE,
    ]),
    ["a scheme with a host", pseudo(CLIENT, "GET", DOOR, "https://evil.example/"), "400"],
    ["an empty scheme", pseudo(CLIENT, "GET", DOOR, ""), "400"],
    ["a line break in its scheme", pseudo(CLIENT, "GET", DOOR, "http\r\nX: y"), REFUSED_AT_ONCE],
    ["another scheme", pseudo(CLIENT, "GET", DOOR, "ftp"), "200", PAGE],
  ];
}

const heldBack: Field[] = [
  ["connection", "x-forwarded-for"],
  ["transfer-encoding", "chunked"],
  ["upgrade", "websocket"],
  ["upgrade", "h2c"],
  ["keep-alive", "hostile"],
  ["proxy-connection", "hostile"],
  ["te", "hostile"],
  ["x-forwarded-for", "hostile"],
  ["x-forwarded-host", "hostile"],
  ["x-original-url", "/bigbluebutton/api/create"],
  ["cookie", "hostile"],
  ["range", "bytes=0-0"],
];

const broken: [Field, string][] = [
  [["Upper", "x"], REFUSED_AT_ONCE],
  [["x y", "z"], REFUSED_AT_ONCE],
  [["x:y", "z"], REFUSED_AT_ONCE],
  [["x\r\ny", "z"], REFUSED_AT_ONCE],
  [["x", "y\r\nX-Injected: z"], REFUSED_AT_ONCE],
  [["x", "y\nz"], REFUSED_AT_ONCE],
  [["x", "y\0z"], REFUSED_AT_ONCE],
  [["", "z"], "goaway 1"],
  [["content-length", "5"], "400"],
  [["content-length", "-1"], "400"],
];

/** A request of HTTP/1 as the body: whoever reads two where there is one asks a node for it (James Kettle, "HTTP/2: The Sequel is Always Worse"). */
const HIDDEN = "GET /bigbluebutton/api/create HTTP/1.1\r\nHost: bbb-01.example.com\r\n\r\n";
function bodiesAt({ form, readOnly }: Place, pseudo: ReturnType<typeof pseudoOf>): HostileFrames[] {
  const post = (fields: Field[], path = form.path) => [
    ask([...pseudo(path, "POST"), ...fields], 1, http2.END_HEADERS),
    http2.frame(http2.DATA, http2.END_STREAM, 1, HIDDEN),
  ];
  const ARRIVES = { answer: "200", reaches: form.law("POST", HIDDEN).reaches, body: HIDDEN };

  return [
    { name: "a request as a body", frames: post([]), ...ARRIVES },
    { name: "chunks by its word", frames: post([["transfer-encoding", "chunked"]]), ...ARRIVES },
    { name: "another encoding by its word", frames: post([["transfer-encoding", "x"]]), answer: "501", ...REFUSED },
    ...["0", "5", "500", "-1", "x"].map((length) => ({
      name: `a length of ${length} for another body`,
      frames: post([["content-length", length]]),
      answer: "400",
      ...REFUSED,
    })),
    {
      name: "two lengths",
      frames: post([
        ["content-length", `${HIDDEN.length}`],
        ["content-length", "0"],
      ]),
      answer: "400",
      ...REFUSED,
    },
    { name: "a body where none is taken", frames: post([], readOnly.path), answer: `${readOnly.status}`, ...REFUSED },
  ];
}

export function streams(place: Place): HostileFrames[] {
  const pseudo = pseudoOf(place);
  const itself = { answer: "200", reaches: place.open[0].law().reaches };
  return [
    ...listsAt(place, pseudo).map(([name, list, answer, reaches = []]) => ({
      name,
      frames: [ask(list)],
      answer,
      reaches,
    })),
    ...heldBack.map((field) => ({ name: field.join(": "), frames: [ask([...pseudo(), field])], ...itself })),
    ...broken.map(([field, answer]) => ({
      name: JSON.stringify(field),
      frames: [ask([...pseudo(), field])],
      answer,
      ...REFUSED,
    })),
    ...bodiesAt(place, pseudo),
  ];
}
