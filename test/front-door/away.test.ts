import { setImmediate } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { ask } from "./rig/ask";
import { Crowd } from "./rig/crowd";
import { FrontDoor } from "./rig/front-door";

const door = new FrontDoor({ listening: 1 });
const page = "/bbb-01/html5client/?sessionToken=abc";
/** Milliseconds after which nobody waits any more. */
const PATIENCE = 5_000;

beforeAll(() => door.start());
afterAll(() => door.stop());

describe("a node that is cut off", () => {
  afterEach(() => door.node.join());

  test("keeps nobody waiting who comes now", async () => {
    door.node.cutOff();
    const { status, body } = await ask(door, page, { milliseconds: PATIENCE });
    expect(status).toBe(504);
    expect(body.toString()).toContain("Try again");
  });

  test("keeps none of ten waiting who come at once, for a part that nobody has asked for yet", async () => {
    door.node.cutOff();
    const path = "/bbb-01/html5client/chunk.0123456789abcdef.js";
    for (const each of [page, path]) {
      const asked = Array.from({ length: 10 }, () => ask(door, each, { milliseconds: PATIENCE }));
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(Array(10).fill(504));
    }
  });

  test("keeps nobody waiting on a connection from before", async () => {
    door.node.handler = (_, response) => response.writeHead(200, { "cache-control": "no-store" }).end("client");
    await ask(door, page);
    door.node.cutOff();
    expect((await ask(door, page, { milliseconds: PATIENCE })).status).toBe(504);
  });
});

test("a node that takes what it is asked and says nothing keeps none of ten waiting who come at once", async () => {
  door.node.handler = () => {};
  const course = await Crowd.gather(door, 10);
  for (const path of ["/bbb-01/html5client/silent.js", "/bbb-01/html5client/silent.0123456789abcdef.js"]) {
    await door.node.forget();
    const began = performance.now();
    const asked = course.ask(path);
    await setImmediate();
    // The node is slow in the handshake: who asks it gives up so much later than the others began to wait.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    expect(await asked).toEqual({ 504: 10 });
    expect(performance.now() - began).toBeLessThan(PATIENCE);
  }
  course.leave();
});

test.each([502, 503, 504])(
  "a node that says %i itself keeps nobody of a course waiting for the others' turns",
  async (status) => {
    door.node.handler = (_, response) => response.writeHead(status).end();
    const course = await Crowd.gather(door, 100);
    for (const path of [`away-${status}.js`, `away-${status}.0123456789abcdef.js`]) {
      door.node.count();
      const began = performance.now();
      expect(await course.ask(`/bbb-01/html5client/${path}`)).toEqual({ [status]: 100 });
      expect(performance.now() - began).toBeLessThan(2_000);
      expect(door.node.traffic.requests.length).toBeLessThanOrEqual(2);
    }
    course.leave();
  },
);

describe("the page that says that a node is away", () => {
  test("names it in English and German, offers the same address again, and tells nothing of the inside", async () => {
    const { status, headers, body } = await ask(door, "/bbb-02/html5client/?sessionToken=abc");
    const text = body.toString();
    expect(status).toBe(502);
    expect(headers).toMatchObject({ "content-type": "text/html", "cache-control": "no-store", "retry-after": "5" });
    expect(text).toContain("server bbb-02 does not answer");
    expect(text).toContain("Server bbb-02 dieser Konferenz");
    expect(text.match(/<a href="">/g)).toHaveLength(2);
    expect(text).not.toMatch(/10\.0\.1\.|example\.com|nginx|upstream|abc/);
  });

  test("cannot be had by its own address", async () => {
    expect((await ask(door, "/away.html")).status).toBe(404);
  });

  test("is not shown for what the node itself says", async () => {
    door.node.handler = (_, response) => response.writeHead(404).end("its own words");
    expect((await ask(door, "/bbb-01/html5client/none")).body.toString()).toBe("its own words");
  });
});
