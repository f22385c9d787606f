import { readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { CLIENT, message } from "./hostile/hostile";
import { unkeyed } from "./hostile/unkeyed";
import { type Answer, ask, type Question } from "./rig/ask";
import { FrontDoor } from "./rig/front-door";
import { exchange, statusesOf } from "./rig/wire";

/** What one asks for first, so that another gets it: nobody can. */
let door: FrontDoor;
let count = 0;
let name: string;

beforeAll(async () => {
  door = new FrontDoor({ nodes: 2 });
  for (const node of door.nodes) {
    // Says all that it heard, over and over.
    node.handler = async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const heard = JSON.stringify([
        node.name,
        request.method,
        request.url,
        request.rawHeaders,
        `${Buffer.concat(parts)}`,
      ]);
      const headers = { "content-type": "text/javascript", etag: '"one"', "accept-ranges": "bytes" };
      response.writeHead(200, { ...headers, "content-length": heard.length * 20 }).end(heard.repeat(20));
    };
  }
  await door.start();
});

afterAll(() => door.stop());

/** A name that nobody has asked for yet. */
beforeEach(() => {
  count += 1;
  name = `${CLIENT}fresh.${count.toString(16).padStart(16, "0")}.js`;
  door.node.count();
});

/** What the node was asked for under that name. */
const asked = () => door.node.traffic.requests.map(({ method, url }) => `${method} ${url}`);

const get = (question: Question = {}, path = name): Promise<Answer> => ask(door, path, question);

describe("what nobody else has said is in no answer that others get", () => {
  test.each(Object.entries(unkeyed))("%s", async (header, value) => {
    await get({ headers: { [header]: value } });
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(answer.headers["x-cache-status"]).toBe("HIT");
    expect(`${answer.body}`).not.toMatch(/hostile/i);
  });

  test("a query", async () => {
    await get({}, `${name}?callback=hostile`);
    const answer = await get();
    expect(answer.headers["x-cache-status"]).toBe("HIT");
    expect(`${answer.body}`).not.toContain("hostile");
  });

  test("a body", async () => {
    await exchange(message("GET", name, ["Content-Length: 7", "Connection: close"], "hostile"));
    const answer = await get();
    expect(answer.headers["x-cache-status"]).toBe("HIT");
    expect(`${answer.body}`).not.toContain("hostile");
  });

  test.each(["bbb.example.com:8443", "BBB.EXAMPLE.COM", "bbb.example.com.", "bbb.example.com:hostile"])(
    "the Host %s",
    async (host) => {
      await get({ headers: { host } });
      const answer = await get();
      expect(answer.headers["x-cache-status"]).toBe("HIT");
      expect(`${answer.body}`).not.toMatch(/8443|BBB\.|com\.["/]|hostile/);
    },
  );
});

describe("a first request for less takes nothing away from the second", () => {
  test.each([
    ["one byte", "GET", "Range: bytes=0-0", 206],
    ["a range that is none", "GET", "Range: bytes=999999-", 416],
    ["two hundred ranges", "GET", `Range: bytes=${"0-,".repeat(200)}0-`, 200],
    ["what one has already", "GET", "If-None-Match: *", 304],
    ["what must be another", "GET", 'If-Match: "hostile"', 412],
    ["what must be old", "GET", "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT", 412],
    ["the head alone", "HEAD", "X: y", 200],
  ])("%s", async (_, method, line, status) => {
    expect(statusesOf(await exchange(message(method, name, [line, "Connection: close"])))).toEqual([status]);
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(answer.body.length).toBeGreaterThan(1000);
  });

  // Hoai Viet Nguyen and others, "Your Cache Has Fallen" (CPDoS).
  test.each([
    ["a header that is too long", ["X: ".padEnd(9000, "x")], 400],
    ["a header with a zero byte", ["X: \0"], 400],
    ["a length and chunks", ["Content-Length: 1", "Transfer-Encoding: chunked"], 400],
    ["an unknown encoding", ["Transfer-Encoding: x"], 501],
  ])("an error by %s", async (_, lines, status) => {
    expect(statusesOf(await exchange(message("GET", name, lines)))).toContain(status);
    expect((await get()).status).toBe(200);
  });

  test.each(["POST", "PUT", "DELETE", "PURGE", "OPTIONS"])("%s", async (method) => {
    await get();
    expect((await get({ method })).status).toBe(405);
    expect((await get()).headers["x-cache-status"]).toBe("HIT");
  });
});

describe("nobody fills the cache", () => {
  const stored = () =>
    readdirSync("/var/lib/nginx/bbb-client", { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      .length;

  test("with thirty queries", async () => {
    const before = stored();
    for (let index = 0; index < 30; index += 1) await get({}, `${name}?${index}=x`);
    expect(asked()).toEqual([`GET ${name}`]);
    expect(stored() - before).toBe(1);
  });

  test("with other spellings", async () => {
    const before = stored();
    const spelled = [
      name,
      name.replace("fresh", "%66resh"),
      name.replace("/fresh", "//fresh"),
      name.replace("/fresh", "/./fresh"),
      name.replace("/fresh", "/x/../fresh"),
    ];
    for (const path of spelled) await get({}, path);
    expect(asked()).toEqual([`GET ${name}`]);
    expect(stored() - before).toBe(1);
  });

  test("with what it says to understand", async () => {
    const before = stored();
    const plain = [
      "",
      "identity",
      "br",
      "zstd",
      "deflate",
      "x-gzip",
      "gzipx",
      "*",
      "gzip;q=0",
      "gzip;q=0.000",
      "GZIP; q=0",
      "gzip ;q=0, *",
      "identity;q=0",
    ];
    const packed = [
      "gzip",
      "GZip",
      "gzip;q=1",
      "gzip;q=0.5",
      "gzip; q=0.001",
      "br, gzip",
      "br;q=1.0, gzip;q=0.8, *;q=0.1",
      "deflate,gzip",
    ];
    for (const encoding of plain)
      expect((await get({ headers: { "accept-encoding": encoding } })).headers["content-encoding"]).toBeUndefined();
    for (const encoding of packed) {
      const answer = await get({ headers: { "accept-encoding": encoding } });
      expect([encoding, answer.headers["content-encoding"]]).toEqual([encoding, "gzip"]);
      expect(`${gunzipSync(answer.body)}`).toContain(name);
    }
    expect(asked()).toEqual([`GET ${name}`, `GET ${name}`]);
    expect(stored() - before).toBe(2);
  });

  test("with headers", async () => {
    const before = stored();
    for (const [header, value] of Object.entries(unkeyed)) await get({ headers: { [header]: value } });
    expect(stored() - before).toBe(1);
  });
});

test("a node's file is no other node's", async () => {
  const other = name.replace("bbb-01", "bbb-02");
  expect(`${(await get({}, other)).body}`).toContain('"bbb-02","GET"');
  expect(`${(await get()).body}`).toContain('"bbb-01","GET"');
});
