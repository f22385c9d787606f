import { setTimeout } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { ask } from "./rig/ask";
import { Crowd } from "./rig/crowd";
import { FrontDoor } from "./rig/front-door";
import type { Handler } from "./rig/node";

const door = new FrontDoor();
const client = "/bbb-01/html5client/";
const hashed = `${client}main.0123456789abcdef0123.js`;
const gzip = { headers: { "accept-encoding": "gzip, deflate, br" } };
/** After it nothing without a hash is kept any more; nginx counts whole seconds. */
const SECONDS = 2_100;

/** A node's file as nginx serves it: with a validator, by which it is compared. */
function file(type: string, body: string, etag = `"${body.length}"`): Handler {
  return ({ headers }, response) => {
    if (headers["if-none-match"]?.includes(etag)) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { "content-type": type, etag }).end(body);
  };
}

beforeAll(() => door.start());
afterAll(() => door.stop());
beforeEach(async () => {
  await door.restart();
  door.node.count();
});

describe("what has no hash in its name", () => {
  test("is asked for once in a second, whoever wants it, over one connection with TLS 1.3", async () => {
    door.node.handler = file("text/html", "<html>");
    for (let index = 0; index < 100; index += 1) expect((await ask(door, client)).status).toBe(200);
    const { requests, connections } = door.node.traffic;
    expect(requests.length).toBeLessThanOrEqual(15);
    expect(connections.length).toBeLessThanOrEqual(2);
    expect(new Set(connections)).toEqual(new Set(["TLSv1.3"]));
  });

  test("is fetched once when a course of 300 comes at the same time", async () => {
    door.node.handler = file("application/wasm", "x".repeat(300_000));
    const course = await Crowd.gather(door, 300);
    for (const path of [hashed, `${client}wasm/a.wasm`]) {
      door.node.count();
      expect(await course.ask(path)).toEqual({ 200: 300 });
      expect(door.node.traffic.requests).toHaveLength(1);
    }
    course.leave();
  });

  test("is compared, and not sent again, while it is the same", async () => {
    door.node.handler = file("text/html", "x".repeat(100_000));
    await ask(door, client, gzip);
    await setTimeout(SECONDS);
    door.node.count();
    expect((await ask(door, client, gzip)).headers["x-cache-status"]).toBe("REVALIDATED");
    expect(door.node.traffic.bytes).toBeLessThan(2_000);
  });

  test("is seen within two seconds of its change, by the first who asks, after a night, too", async () => {
    door.node.handler = file("text/html", "yesterday", '"1"');
    await ask(door, client);
    door.node.handler = file("text/html", "today", '"2"');
    await setTimeout(SECONDS);
    expect((await ask(door, client)).body.toString()).toBe("today");
  });

  test("is the new one as soon as the new page is there: old parts go with no upgrade", async () => {
    const serve =
      (version: string): Handler =>
      (request, response) =>
        file("text/plain", `${version} ${request.url}`, `"${version}"`)(request, response);
    const parts = [client, `${client}locales/en.json`, `${client}wasm/a.wasm`];
    const all = () => Promise.all(parts.map(async (path) => (await ask(door, path)).body.toString().split(" ")[0]));
    door.node.handler = serve("old");
    await all();
    door.node.handler = serve("new");
    let seen: (string | undefined)[] = [];
    while (!seen.includes("new")) seen = await all();
    await setTimeout(SECONDS);
    expect(await all()).toEqual(["new", "new", "new"]);
  });

  test("tells browsers to ask each time", async () => {
    door.node.handler = file("text/html", "<html>");
    expect((await ask(door, client)).headers["cache-control"]).toBe("no-cache");
  });

  test("is shared for a second if it has nothing to be compared by, as nginx's list of the locales", async () => {
    door.node.handler = (_, response) => response.writeHead(200, { "content-type": "application/json" }).end("[]");
    const course = await Crowd.gather(door, 300);
    const began = performance.now();
    expect(await course.ask(`${client}locales/`)).toEqual({ 200: 300 });
    expect(performance.now() - began).toBeLessThan(SECONDS);
    course.leave();
    expect(door.node.traffic.requests.length).toBeLessThanOrEqual(2);
  });
});

describe("what has a hash in its name", () => {
  test("is fetched once for each encoding, whatever query and spelling it is asked with", async () => {
    door.node.handler = file("application/javascript", "x".repeat(5_000));
    const queries = Array.from({ length: 30 }, (_, index) => `?v=${index}`);
    const encodings = ["gzip", "gzip, br", "GZIP", "br;q=1, gzip;q=0.5", "*", "br", "gzip;q=0", "x-gzip"];
    for (const query of queries) await ask(door, hashed + query);
    for (const encoding of encodings) await ask(door, hashed, { headers: { "accept-encoding": encoding } });
    expect(door.node.traffic.requests.map(({ url, headers }) => `${url} ${headers["accept-encoding"]}`)).toEqual([
      `${hashed} identity`,
      `${hashed} gzip`,
    ]);
  });

  test("is compressed once, where the node has not done so, and kept compressed", async () => {
    const text = "x".repeat(100_000);
    door.node.handler = file("application/javascript", text);
    const answers = [await ask(door, hashed, gzip), await ask(door, hashed, gzip)];
    expect(answers.map(({ headers }) => headers["x-cache-status"])).toEqual(["MISS", "HIT"]);
    for (const { headers, body } of answers) {
      expect(headers["content-encoding"]).toBe("gzip");
      expect(gunzipSync(body).toString()).toBe(text);
    }
    expect((await ask(door, hashed)).body.toString()).toBe(text);
  });

  test("is kept by browsers for a year", async () => {
    door.node.handler = file("application/javascript", "x");
    expect((await ask(door, hashed)).headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  });

  test("comes from the cache while the node is away", async () => {
    door.node.handler = file("application/javascript", "x");
    await ask(door, hashed);
    door.node.handler = (_, response) => response.destroy();
    expect((await ask(door, hashed)).status).toBe(200);
  });
});

test("what is not kept keeps 300 people who come at the same time waiting for no more than some seconds", async () => {
  door.node.handler = (_, response) => response.writeHead(200, { "cache-control": "no-store", etag: '"1"' }).end("own");
  const course = await Crowd.gather(door, 300);
  const began = performance.now();
  expect(await course.ask(client)).toEqual({ 200: 300 });
  expect(performance.now() - began).toBeLessThan(7_000);
  course.leave();
});

describe("the node's word counts:", () => {
  const words: [string, Record<string, string | string[]>, number?][] = [
    ["no-store", { "cache-control": "no-store" }],
    ["private", { "cache-control": "private, max-age=600" }],
    ["no-cache", { "cache-control": "no-cache" }],
    ["a cookie", { "set-cookie": "a=b" }],
    ["Vary: *", { vary: "*" }],
    ["Vary: Cookie", { vary: "Cookie" }],
    ["404", {}, 404],
    ["403 for an hour", { "cache-control": "max-age=3600" }, 403],
    ["301", { location: "https://bbb.example.com/" }, 301],
    ["206", {}, 206],
  ];

  test.each(words)("%s is neither kept nor immutable", async (_, headers, status = 200) => {
    door.node.handler = (_request, response) =>
      response.writeHead(status, { "content-type": "application/javascript", etag: '"1"', ...headers }).end("x");
    for (const path of [hashed, client]) {
      door.node.count();
      const answers = [await ask(door, path), await ask(door, path)];
      expect(door.node.traffic.requests).toHaveLength(2);
      for (const answer of answers) {
        expect(answer.status).toBe(status);
        expect(answer.headers["cache-control"] ?? "").not.toMatch(/immutable|public/);
        if (status === 200 && headers["cache-control"])
          expect(answer.headers["cache-control"]).toBe(headers["cache-control"]);
      }
    }
  });

  test("a page under a name with a hash is neither kept nor immutable", async () => {
    door.node.handler = file("text/html; charset=utf-8", "<html>");
    expect((await ask(door, hashed)).headers["cache-control"]).toBe("no-cache");
    await ask(door, hashed);
    expect(door.node.traffic.requests).toHaveLength(2);
  });

  test("no X-Accel header of its is obeyed", async () => {
    const accel = { "x-accel-redirect": "/away.html", "x-accel-expires": "3600", "x-accel-limit-rate": "1" };
    door.node.handler = (_, response) =>
      response.writeHead(200, { "content-type": "text/plain", "cache-control": "no-store", ...accel }).end("its own");
    const answers = [await ask(door, client), await ask(door, client), await ask(door, hashed)];
    expect(answers.map(({ body }) => body.toString())).toEqual(["its own", "its own", "its own"]);
    expect(door.node.traffic.requests).toHaveLength(3);
    expect(Object.keys(answers[0]?.headers ?? {}).filter((name) => name.startsWith("x-accel"))).toEqual([]);
  });
});
