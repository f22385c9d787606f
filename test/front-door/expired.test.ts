import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { CLIENT } from "./hostile/hostile";
import { ask } from "./rig/ask";
import { FrontDoor } from "./rig/front-door";

/** What is kept, when its time is over. */
let door: FrontDoor;
let count = 0;
let asked = 0;

/** After as many milliseconds what was to be kept for a second is not; nginx counts whole ones. */
const EXPIRED = 2_100;

beforeAll(async () => {
  door = new FrontDoor({ nodes: 1 });
  await door.start();
});

afterAll(() => door.stop());

type Headers = Record<string, string>;

/** The node's answer from here on, for everything. */
function answerWith(headers: Headers, status = 200, body = "the file"): void {
  asked = 0;
  door.node.handler = (_, response) => {
    asked += 1;
    response.writeHead(status, { "content-type": "text/javascript", etag: '"one"', ...headers }).end(body);
  };
}

/** A name that nobody has asked for. */
function hashed(): string {
  count += 1;
  return `${CLIENT}x.${count.toString(16).padStart(16, "0")}.js`;
}

async function bodyOf(path: string): Promise<string> {
  return `${(await ask(door, path)).body}`;
}

describe("what is asked for again in the background is kept by what the new answer says, not the old one:", () => {
  const answers: [what: string, headers: Headers, status?: number][] = [
    ["text/html", { "content-type": "text/html" }],
    ["Vary: *", { vary: "*" }],
    ["404 for long", { "cache-control": "max-age=1000" }, 404],
  ];
  test.each(answers)("%s", async (_, headers, status) => {
    const path = hashed();
    answerWith({ "cache-control": "max-age=1" });
    await ask(door, path);
    await setTimeout(EXPIRED);
    answerWith({ etag: '"two"', ...headers }, status, "no file");
    expect(await bodyOf(path)).toBe("the file");
    await expect.poll(() => asked).toBe(1);
    answerWith({ etag: '"three"' }, 200, "another file");
    await ask(door, path);
    await expect.poll(() => asked).toBe(1);
    await expect.poll(() => bodyOf(path)).toBe("another file");
  });
});

test.each([502, 503, 504])("a %i is over when the node says so, however long it was to be kept", async (status) => {
  for (const path of [hashed(), `${CLIENT}over-${status}.js`]) {
    answerWith({ "cache-control": "public, max-age=1000" }, status);
    expect((await ask(door, path)).status).toBe(status);
    answerWith({});
    await setTimeout(EXPIRED);
    expect(await bodyOf(path)).toBe("the file");
  }
});

test("X-Accel-Expires of a node keeps nothing for longer than the proxy would", async () => {
  answerWith({ "x-accel-expires": "@4102444800", etag: "", "last-modified": "" });
  const path = `${CLIENT}accel.js`;
  await ask(door, path);
  await setTimeout(EXPIRED);
  await ask(door, path);
  expect(asked).toBe(2);
});
