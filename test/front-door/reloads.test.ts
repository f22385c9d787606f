import { Agent } from "node:https";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";

import { ask } from "./rig/ask";
import { inDoor } from "./rig/flood";
import { FrontDoor } from "./rig/front-door";

const door = new FrontDoor();
const PEOPLE = 600;

beforeAll(() => door.start());
afterAll(() => door.stop());

test("a reload is noticed by nobody who comes meanwhile", async () => {
  door.node.handler = ({ url }, response) => response.writeHead(200, { etag: '"1"' }).end(url);
  const coming: Promise<number | string>[] = [];
  for (let person = 0; person < PEOPLE; person += 1) {
    // A connection of its own: nginx may close one that is kept when something is sent.
    const answer = ask(door, "/bbb-01/html5client/?sessionToken=abc", { agent: new Agent() });
    coming.push(answer.then(({ status }) => status).catch((error: Error) => error.message));
    if (person % 100 === 50) inDoor("nginx", ["-s", "reload"]);
    await setTimeout(5);
  }
  expect((await Promise.all(coming)).filter((answer) => answer !== 200)).toEqual([]);
});
