import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { ask } from "./rig/ask";
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
