import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { ask } from "./rig/ask";
import { Flood, type FloodKind, held, inDoor, loadFirewall, rememberedVisits, removeFirewall } from "./rig/flood";
import { FrontDoor } from "./rig/front-door";

const door = new FrontDoor();
const client = "/bbb-01/html5client/";
const JOINS = 20;
const [proxy] = door.plan.machines;

beforeAll(async () => {
  if (proxy) loadFirewall(proxy);
  await door.start();
});
afterAll(async () => {
  await door.stop();
  removeFirewall();
});
beforeEach(() => {
  door.node.handler = ({ url }, response) => response.writeHead(200, { etag: '"1"' }).end(url);
});

/** How many of those who join, each by a connection of its own, get the page. */
async function joins(): Promise<number> {
  const asked = Array.from({ length: JOINS }, () => ask(door, `${client}?sessionToken=abc`).catch(() => undefined));
  return (await Promise.all(asked)).filter((answer) => answer?.status === 200).length;
}

describe("people join while", () => {
  const floods: [string, FloodKind, number][] = [
    ["thousands of connections say nothing", "idle", 3_000],
    ["thousands of requests never end their header", "header", 2_000],
    ["hundreds of requests never end their body", "body", 300],
    ["connections begin that nobody goes on with", "syn", 40_000],
  ];

  test.each(floods)("%s, and the machine remembers none of them", async (_, kind, count) => {
    const flood = await Flood.begin(kind, door.hostname, count, 3);
    expect(await joins()).toBe(JOINS);
    expect(await joins()).toBe(JOINS);
    expect(rememberedVisits()).toEqual([]);
    const { made } = await flood.end();
    expect(made).toBeGreaterThanOrEqual(count);
  });
});

test("no worker of nginx is full while another has room: each takes its share", async () => {
  const flood = await Flood.begin("header", door.hostname, 2_000, 1);
  const each = held();
  await flood.end();
  expect(each.length).toBeGreaterThan(1);
  expect(Math.min(...each)).toBeGreaterThan(0.7 * Math.max(...each));
});

test("nginx gets as long a queue as it asks for", () => {
  const queues = inDoor("ss", ["-Hltn"])
    .split("\n")
    .map((line) => line.split(/\s+/));
  const ofEverybody = queues.filter(([, , , place]) => /:(80|443)$/.test(place ?? ""));
  // Each worker has its own.
  const workers = Number(inDoor("nproc", []));
  expect(ofEverybody.map(([, , longest]) => longest)).toEqual(Array(4 * workers).fill("4096"));
});
