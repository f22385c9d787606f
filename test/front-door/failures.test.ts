import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { API, CLIENT, DOOR, HASHED, message, raw, TOKEN } from "./hostile/hostile";
import { Authority } from "./rig/certificates";
import { FrontDoor } from "./rig/front-door";
import { type Handler, NodeServer } from "./rig/node";
import { room } from "./rig/room";
import { exchange, statusesOf } from "./rig/wire";

const LOGS = "/var/log/nginx";
const CACHE = "/var/lib/nginx/bbb-client";
let door: FrontDoor;

beforeEach(() => {
  for (const name of readdirSync(LOGS)) rmSync(join(LOGS, name));
});

afterEach(() => door.stop());

const close = "Connection: close";
const query = `?sessionToken=${TOKEN}`;

/** Nobody learns from a log who asked, or how to get into a meeting. */
function expectDiscretion(log: string): void {
  expect(log).not.toContain(TOKEN);
  expect(log).not.toMatch(/203\.0\.113\.1(?!\d)/);
}

const wrongAnswers: [name: string, handler: Handler][] = [
  ["closes the connection", (request) => request.socket.destroy()],
  [
    "closes it in the middle",
    (request, response) =>
      response.writeHead(200, { "content-length": 100 }).write("x", () => request.socket.destroy()),
  ],
  ["sends too long a header", (_, response) => response.writeHead(200, { x: "x".repeat(40_000) }).end()],
  ["sends a broken header", (request) => request.socket.end("HTTP/1.1 200 OK\r\nX\0: y\r\n\r\n")],
  ["sends an unknown encoding", (request) => request.socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\nx")],
  [
    "sends two lengths",
    (request) => request.socket.end("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy"),
  ],
  [
    "sends a broken chunk",
    (request) => request.socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhostile\r\n"),
  ],
  ["answers 502", (_, response) => response.writeHead(502).end(TOKEN)],
];

describe.each(["3.0", "2.7"])("with the client of %s", (release) => {
  const paths = [CLIENT, `${CLIENT}x`, HASHED, ...(release === "3.0" ? [API] : [`${CLIENT}sockjs/x`, `${CLIENT}join`])];

  test("no log tells of a session when nodes fail", async () => {
    door = await new FrontDoor({ nodes: 2, listening: 1, release }).start();
    const ask = (path: string) => exchange(message("GET", path + query, [close]));
    // One that is away, and the other in all its moods.
    for (const path of paths) {
      expect(`${(await ask(path.replace("bbb-01", "bbb-02"))).bytes}`).toContain("server bbb-02 does not answer");
    }
    for (const [, handler] of wrongAnswers) {
      door.node.handler = handler;
      for (const path of paths) await ask(path);
    }
    // For a second it is known that the node is away.
    await setTimeout(2_100);
    door.node.handler = () => {};
    expect(`${(await ask(CLIENT)).bytes}`).toContain("server bbb-01 does not answer");
    await door.stop();
    const logs = readdirSync(LOGS).map((name) => readFileSync(join(LOGS, name), "latin1"));
    expect(logs.join("")).toContain('"GET /bbb-02/html5client/" 502 ');
    expect(logs.join("")).toContain('"GET /bbb-01/html5client/" 504 ');
    for (const log of logs) expectDiscretion(log);
  });

  test("no log tells of a session when the disk of the cache is gone", async () => {
    door = await new FrontDoor({ nodes: 1, listening: 1, release }).start();
    renameSync(CACHE, `${CACHE}-away`);
    door.node.handler = (_, response) => response.writeHead(200, { etag: '"1"' }).end("client");
    for (const path of paths) await exchange(message("GET", path + query, [close]));
    renameSync(`${CACHE}-away`, CACHE);
    await door.stop();
    for (const name of readdirSync(LOGS)) expectDiscretion(readFileSync(join(LOGS, name), "latin1"));
  });

  test("no log tells of a session when requests are refused", async () => {
    door = await new FrontDoor({ nodes: 1, listening: 1, release }).start();
    const long = "x".repeat(9000);
    const refused: [bytes: string, status: number][] = [
      [message("GET", `/nothing${query}`, [close]), 404],
      [message("DELETE", CLIENT + query, [close]), 405],
      // Links that have been mangled on their way.
      ...["%3F", "%3f", "%253F", ";", "%3B", "&", "%26", "#", "%23"].map((mark): [string, number] => [
        message("GET", `/nothing${mark}sessionToken=${TOKEN}`, [close]),
        404,
      ]),
      [message("GET", `/${"%41".repeat(2000)}%3FsessionToken=${TOKEN}`, [close]), 404],
      [message("GET", CLIENT + query, [close], "", "hostile.example"), 421],
      [message("GET", CLIENT + query + long), 414],
      [message("GET", CLIENT + query, [`X: ${long}`]), 400],
      [message("GET", `${CLIENT}%zz${query}`), 400],
      [message("GET", CLIENT + query, ["Content-Length: -1"]), 400],
      [message("GET", CLIENT + query, ["Content-Length: 99999999"]), 413],
      [message("GET", CLIENT + query, ["Transfer-Encoding: x"]), 501],
      [raw(`GET ${CLIENT}${query} HTTP/3.0`, `Host: ${DOOR}`, "", ""), 505],
      [raw(`GET ${CLIENT}${query}`, `Host: ${DOOR}`, "", ""), 0],
      [raw(`${TOKEN} ${CLIENT}${query} HTTP/1.1`, `Host: ${DOOR}`, "", ""), 400],
      [message("GET", `https://hostile.example${CLIENT}${query}`, [close]), 421],
      [message("GET", `https://${DOOR}${query}`, [close]), 200],
    ];
    for (const [bytes, status] of refused) expect(statusesOf(await exchange(bytes))[0] ?? 0).toBe(status);
    await exchange(message("GET", CLIENT + query, [close]), { plain: true });
    await exchange(message("GET", CLIENT + query, [close]), { plain: true, port: 443 });
    await exchange(message("GET", CLIENT + query, [close]), { servername: `${TOKEN}.example` });
    await door.stop();
    for (const name of readdirSync(LOGS)) expectDiscretion(readFileSync(join(LOGS, name), "latin1"));
  });
});

test("nothing that is asked for makes another line in a log", async () => {
  door = await new FrontDoor({ nodes: 1 }).start();
  for (const path of ["/%0aforged", "/%0d%0aforged", '/"forged', "/\\x0aforged", "/\x1b[31mforged", "/\x80forged"]) {
    await exchange(message("GET", path, [close]));
  }
  await door.stop();
  const lines = readFileSync(join(LOGS, "access.log"), "latin1").trimEnd().split("\n");
  // Each of nginx's processes writes its own, when it has time.
  expect(lines.map((line) => line.replace(/^\S+ \S+ /, "").replace(/ \d+ [\d.]+ -$/, "")).sort()).toEqual([
    '"- -" 400',
    '"GET /%0aforged" 404',
    '"GET /%0d%0aforged" 404',
    '"GET /\\x22forged" 404',
    '"GET /\\x5Cx0aforged" 404',
    '"GET /\\x80forged" 404',
  ]);
});

test("a machine that has no certificate of the node's hears nothing", async () => {
  door = await new FrontDoor({ nodes: 2, listening: 1 }).start();
  const stranger = new Authority(mkdtempSync(join(room(), "stranger-")));
  for (const certificate of [stranger.certificate("bbb-02.example.com"), door.certificate("bbb-01.example.com")]) {
    const machine = new NodeServer("bbb-02", "bbb-02.example.com", "10.0.1.12", certificate);
    await machine.listen();
    const answer = await exchange(message("GET", CLIENT.replace("bbb-01", "bbb-02"), [close]));
    expect(statusesOf(answer)).toEqual([502]);
    expect(machine.traffic.requests).toEqual([]);
    await machine.close();
  }
});
