import { type Hostile, type Law, raw, refused } from "./hostile";
import { lengths, transferEncodings } from "./lengths";
import type { Place } from "./place";

/** What is hidden in a body: whoever is asked for this has been reached past the server. */
const HIDDEN = raw("GET /bigbluebutton/api/create HTTP/1.1", "Host: bbb-01.example.com", "", "");

const chunked = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const both = (transfer: string) => [transfer, `Content-Length: ${chunked(HIDDEN).length}`];

/** What is no such header: the length counts, and all of the body is the body. */
const ignoredEncodings = [
  "Transfer_Encoding: chunked",
  "Content-Encoding: chunked",
  "X-Transfer-Encoding: chunked",
  "TE: chunked",
  "TransferEncoding: chunked",
];

/** Chunks: what is read is what is passed on, with its length. */
const chunks = (arrives: (body: string) => Law): [string, string, Law][] => [
  ["an extension", "5;x=y\r\nhello\r\n0\r\n\r\n", arrives("hello")],
  ["an extension with quotes", '5;x="\\"y"\r\nhello\r\n0\r\n\r\n', arrives("hello")],
  ["a line break in an extension", `5;x\nhello\r\n0\r\n\r\n`, arrives("hello")],
  ["zeros before its size", "0000000005\r\nhello\r\n0\r\n\r\n", arrives("hello")],
  ["spaces after its size", "5  \r\nhello\r\n0\r\n\r\n", arrives("hello")],
  ["bare line feeds", "5\nhello\n0\n\n", arrives("hello")],
  ["a trailer", "5\r\nhello\r\n0\r\nHost: evil.example\r\nX-Injected: hostile\r\n\r\n", arrives("hello")],
  ["a request in it", chunked(HIDDEN), arrives(HIDDEN)],
  ["a size that is no number", "x\r\nhello\r\n0\r\n\r\n", refused(400)],
  ["a size with 0x", "0x5\r\nhello\r\n0\r\n\r\n", refused(400)],
  ["a size below zero", "-5\r\nhello\r\n0\r\n\r\n", refused(400)],
  ["a size over 64 bits", "fffffffffffffffff5\r\nhello\r\n0\r\n\r\n", refused(400)],
  ["a size of 63 bits", "7fffffffffffffff\r\nhello\r\n0\r\n\r\n", refused(400)],
  ["more than its size", "3\r\nhello\r\n0\r\n\r\n", refused(400)],
  ["a size with a plus", "+5\r\nhello\r\n0\r\n\r\n", refused(400)],
  ["a size with an underscore", "5_\r\nhello\r\n0\r\n\r\n", refused(400)],
  ["a comma after its size", "5,5\r\nhello\r\n0\r\n\r\n", refused(400)],
  ["a zero byte after its size", "5\0\r\nhello\r\n0\r\n\r\n", refused(400)],
  ["no size", "\r\nhello\r\n0\r\n\r\n", refused(400)],
  ["a line break before its size", "\n5\r\nhello\r\n0\r\n\r\n", refused(400)],
];

const length = (body: string) => `Content-Length: ${body.length}`;

export function smuggling({ door: DOOR, form, readOnly, open }: Place): Hostile[] {
  const [{ path: CLIENT, law: page }] = open;
  const FEEDBACK = form.path;
  const arrives = (body: string) => form.law("POST", body);
  /** A message with a body: as it stands after its first lines, and whatever follows on the connection. */
  const post = (target: string, lines: string[], body: string) =>
    raw(`POST ${target} HTTP/1.1`, `Host: ${DOOR}`, "Content-Type: application/json", ...lines, "", body);
  return [
    ...[FEEDBACK, readOnly.path].flatMap((target) =>
      transferEncodings.map(([header, law]) => ({
        name: `a length and ${JSON.stringify(header)} at ${target}`,
        send: post(target, both(header), chunked(HIDDEN)),
        // Either the message is refused, or its method is.
        law: target === readOnly.path ? refused(...law.statuses, readOnly.status) : law,
      })),
    ),
    ...ignoredEncodings.map((header) => ({
      name: `a length and ${JSON.stringify(header)}`,
      send: post(FEEDBACK, [length(chunked(HIDDEN)), header], chunked(HIDDEN)),
      law: arrives(chunked(HIDDEN)),
    })),
    ...lengths.map((lines) => ({ name: lines.join(" and "), send: post(FEEDBACK, lines, "hello"), law: refused(400) })),
    ...chunks(arrives).map(([name, body, law]) => ({
      name: `a chunk with ${name}`,
      send: post(FEEDBACK, ["Transfer-Encoding: chunked"], body),
      law,
    })),
    {
      name: "HTTP/1.0 with chunks",
      send: raw(`POST ${FEEDBACK} HTTP/1.0`, `Host: ${DOOR}`, "Transfer-Encoding: chunked", "", chunked(HIDDEN)),
      law: refused(400),
    },
    ...["GET", "HEAD"].flatMap((method) =>
      open.map(({ path, law }) => ({
        name: `a request in the body of ${method} ${path}`,
        send: raw(`${method} ${path} HTTP/1.1`, `Host: ${DOOR}`, length(HIDDEN), "", HIDDEN),
        law: law(method, HIDDEN),
      })),
    ),
    ...open.map(({ path, law }) => ({
      name: `a request in chunks of GET ${path}`,
      send: raw(`GET ${path} HTTP/1.1`, `Host: ${DOOR}`, "Transfer-Encoding: chunked", "", chunked(HIDDEN)),
      law: law("GET", HIDDEN),
    })),
    {
      name: "a request in the body of a refused one",
      send: post(readOnly.path, [length(HIDDEN)], HIDDEN),
      law: refused(readOnly.status),
    },
    {
      name: "a request in the body of a page that is none",
      send: post("/", [length(HIDDEN)], HIDDEN),
      law: refused(405, 404),
    },
    { name: "a request after a length of 0", send: post(FEEDBACK, ["Content-Length: 0"], HIDDEN), law: arrives("") },
    {
      name: "a request behind one that is to be asked for its body",
      send: post(FEEDBACK, ["Expect: 100-continue", length(HIDDEN)], HIDDEN),
      law: { ...arrives(HIDDEN), statuses: [100] },
    },
    {
      name: "an expectation that is unknown",
      send: post(FEEDBACK, ["Expect: 200-ok", length("x")], "x"),
      law: arrives("x"),
    },
    ...["\n", "\r\n\r\n"].map((end) => ({
      name: `a request after ${JSON.stringify(end)}`,
      send: `${end}${HIDDEN}`,
      law: refused(421),
    })),
    {
      name: "lines that end without CR",
      send: `GET ${CLIENT} HTTP/1.1\nHost: ${DOOR}\nX: y\n\n`,
      law: page(),
    },
    {
      name: "a header line that ends with CR alone",
      send: raw(`GET ${CLIENT} HTTP/1.1`, `Host: ${DOOR}`, "X: y\rX-Injected: hostile", "", ""),
      law: refused(400),
    },
    {
      name: "a header line that goes on",
      send: raw(`GET ${CLIENT} HTTP/1.1`, `Host: ${DOOR}`, "X: y", " hostile", "", ""),
      law: refused(400),
    },
    {
      name: "a header without a name",
      send: raw(`GET ${CLIENT} HTTP/1.1`, `Host: ${DOOR}`, ": hostile", "", ""),
      law: refused(400),
    },
    {
      name: "a header without a colon",
      send: raw(`GET ${CLIENT} HTTP/1.1`, `Host: ${DOOR}`, "hostile", "", ""),
      law: page(),
    },
  ];
}
