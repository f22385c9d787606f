import type { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { API, CLIENT, message } from "./hostile/hostile";
import { type Answer, ask } from "./rig/ask";
import { FrontDoor } from "./rig/front-door";
import { exchange, statusesOf } from "./rig/wire";

/** What a node that has been taken over sends, byte by byte: it is its own visitors' affair, and nobody else's. */
let door: FrontDoor;
let count = 0;

beforeAll(async () => {
  door = new FrontDoor({ nodes: 2 });
  await door.start();
});

afterAll(() => door.stop());

const close = "Connection: close";

/** A name with a hash that nobody has asked for. */
function hashed(node = "bbb-01"): string {
  count += 1;
  return `/${node}/html5client/x.${count.toString(16).padStart(16, "0")}.js`;
}

/** The node's bytes from here on, whatever it is asked. */
function answerWith(bytes: string, end = (socket: Socket): unknown => socket.end()): void {
  door.node.handler = ({ socket }) => socket.write(bytes, "latin1", () => end(socket));
}

function answerWell(): void {
  door.node.handler = (_, response) => response.writeHead(200, { "content-type": "text/javascript" }).end("the file");
}

const bodyOf = async (path: string) => `${(await ask(door, path)).body}`;

describe("a node that says 101 makes nobody a way to other nodes", () => {
  const INSIDE = "GET /bigbluebutton/api/getMeetings HTTP/1.1\r\nHost: bbb-02.example.com\r\nConnection: close\r\n\r\n";
  const switched = ["Upgrade: x\r\n", "Content-Length: 0\r\n", "Upgrade: websocket\r\nConnection: upgrade\r\n"];
  const asking = ["Upgrade: x", "Upgrade: websocket", "Upgrade: h2c", "Upgrade:", "Upgrade: 0"];
  test.each(switched.flatMap((said) => asking.map((asked) => ({ said, asked }))))(
    "$said for $asked",
    async ({ said, asked }) => {
      answerWith(`HTTP/1.1 101 Switching Protocols\r\n${said}\r\n`);
      const other = door.nodes[1];
      other?.count();
      for (const path of [CLIENT, hashed(), API]) {
        await exchange(message("GET", path, ["Connection: Upgrade", asked]) + INSIDE);
      }
      expect(other?.traffic.requests.map(({ url }) => url)).toEqual([]);
    },
  );
});

describe("what is no whole file is not kept under a name with a hash", () => {
  const CHUNKED = "Content-Type: text/javascript\r\nTransfer-Encoding: chunked\r\n\r\n";
  const LASTING = "Cache-Control: public, max-age=1000\r\n";
  const answers: [what: string, bytes: string][] = [
    ["that it is the same as nothing", `HTTP/1.1 304 Not Modified\r\n${LASTING}ETag: "1"\r\n\r\n`],
    ["that it is the same, and no more", "HTTP/1.1 304 Not Modified\r\n\r\n"],
    ["less than its length", `HTTP/1.1 200 OK\r\n${LASTING}Content-Length: 20\r\n\r\nhello`],
    ["chunks without an end", `HTTP/1.1 200 OK\r\n${LASTING}${CHUNKED}5\r\nhello\r\n`],
    ["half a chunk", `HTTP/1.1 200 OK\r\n${LASTING}${CHUNKED}50\r\nhello`],
    ["chunks whose end is cut", `HTTP/1.1 200 OK\r\n${LASTING}${CHUNKED}5\r\nhello\r\n0\r\n`],
    ["a part by its status", `HTTP/1.1 206 Partial\r\n${LASTING}Content-Length: 1\r\n\r\nx`],
    ["a hint", `HTTP/1.1 103 Early Hints\r\n${LASTING}Content-Length: 0\r\n\r\n`],
    ["to go on", `HTTP/1.1 100 Continue\r\n${LASTING}\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx`],
    ["a status of 000", `HTTP/1.1 000 X\r\n${LASTING}Content-Length: 1\r\n\r\nx`],
    ["a status of 199", `HTTP/1.1 199 X\r\n${LASTING}Content-Length: 1\r\n\r\nx`],
    ["a status of 299", `HTTP/1.1 299 X\r\n${LASTING}Content-Length: 1\r\n\r\nx`],
    ["a status of 999", `HTTP/1.1 999 X\r\n${LASTING}Content-Length: 1\r\n\r\nx`],
    ["no HTTP", "hostile".padEnd(40_000, "x")],
    ["HTTP of another kind", `ICY 200 OK\r\n${LASTING}\r\n`.padEnd(40_000, "x")],
  ];
  const ends: [how: string, end: (socket: Socket) => unknown][] = [
    ["and leaves", (socket) => socket.end()],
    ["and is gone", (socket) => socket.destroy()],
  ];
  test.each(answers.flatMap(([what, bytes]) => ends.map(([how, end]) => ({ what, bytes, how, end }))))(
    "$what $how",
    async ({ bytes, end }) => {
      const path = hashed();
      answerWith(bytes, end);
      const { bytes: first } = await exchange(message("GET", path, [close]));
      if (statusesOf({ bytes: first })[0] !== 200) expect(`${first}`).not.toMatch(/immutable/);
      answerWell();
      // What was away is known to be so for a second.
      if (`${first}`.includes("does not answer")) await setTimeout(2_100);
      expect(await bodyOf(path)).toBe("the file");
    },
  );
});

test("a file that is the same is still compared, and stays", async () => {
  const path = hashed();
  const asked: (string | undefined)[] = [];
  door.node.handler = ({ headers }, response) => {
    asked.push(headers["if-none-match"]);
    const said = { etag: '"1"', "cache-control": "max-age=1" };
    if (headers["if-none-match"]) response.writeHead(304, said).end();
    else response.writeHead(200, said).end("the file");
  };
  for (let visit = 0; visit < 3; visit += 1) {
    expect(await bodyOf(path)).toBe("the file");
    await setTimeout(2_100);
  }
  expect(asked).toEqual([undefined, '"1"', '"1"']);
});

describe("what a browser would take for the word of all nodes", () => {
  const forAll: Record<string, string> = {
    "alt-svc": 'h3="hostile.example:443"; ma=86400',
    "clear-site-data": '"*"',
    nel: '{"report_to":"x","max_age":86400,"success_fraction":1}',
    "report-to": '{"group":"x","max_age":86400,"endpoints":[{"url":"https://hostile.example/"}]}',
    "service-worker-allowed": "/",
    "x-cache-status": "hostile",
  };
  test.each(Object.entries(forAll))("%s", async (name, value) => {
    door.node.handler = (_, response) => response.writeHead(200, { [name]: value }).end("the file");
    for (const path of [CLIENT, hashed(), API]) {
      const { headers } = await ask(door, path);
      expect(headers[name] ?? "").not.toMatch(/[^A-Z]/);
    }
  });
});

test("whoever keeps an answer for others on its way learns that it is compressed for some", async () => {
  answerWell();
  const answers: Answer[] = [];
  for (const path of [CLIENT, hashed()]) {
    for (const encoding of ["gzip", "identity"]) {
      answers.push(await ask(door, path, { headers: { "accept-encoding": encoding } }));
    }
  }
  expect(answers.map(({ headers }) => headers.vary)).toEqual(Array(4).fill("Accept-Encoding"));
});
