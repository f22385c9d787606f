import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { frames as broken, takenBack } from "./hostile/frames";
import { streams } from "./hostile/streams";
import { Canaries } from "./rig/canaries";
import { ALIVE, converse } from "./rig/frames";
import { FrontDoor } from "./rig/front-door";

let door: FrontDoor;
let canaries: Canaries;

beforeAll(async () => {
  door = new FrontDoor({ nodes: 2 });
  canaries = new Canaries(door);
  await door.start();
});

afterAll(() => door.stop());

describe("hostile frames of HTTP/2", () => {
  test.each([...streams, ...broken])("$name", async ({ frames, answer, reaches, body = "" }) => {
    const heard = await converse(frames, answer === null ? 0 : 1);
    const arrivals = canaries.take();
    expect(heard.filter((word) => word !== ALIVE)[0]).toBe(answer ?? undefined);
    // Who is not sent away is still heard.
    if (!heard.some((word) => word.startsWith("goaway"))) expect(heard).toContain(ALIVE);
    expect(arrivals.map(({ line }) => line)).toEqual(reaches);
    for (const { headers, body: arrived } of arrivals) {
      const { "content-length": _, ...ours } = headers;
      expect(ours).toEqual({
        host: "bbb-01.example.com",
        "accept-encoding": "identity",
        "x-forwarded-for": "203.0.113.1",
        "x-forwarded-proto": "https",
      });
      expect(arrived).toBe(body);
    }
  });
});

test("of a thousand requests that are taken back at once, the node hears of as many as may be open", async () => {
  await converse(takenBack, 1000);
  expect(canaries.take().length).toBeLessThanOrEqual(256);
  expect(await converse(broken[0]?.frames ?? [])).toContain("200");
});
