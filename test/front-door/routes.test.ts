import { afterAll, beforeAll, expect, test } from "vitest";

import { ask } from "./rig/ask";
import { FrontDoor } from "./rig/front-door";
import { countReloads, healthy, runRoute, runRoutes } from "./rig/routes";

const NODES = 50;
const door = new FrontDoor({ nodes: NODES, routes: false });

beforeAll(() => door.start());
afterAll(() => door.stop());

/** For fifty; how many share a reload depends on how busy the machine is. */
const most = 25;

test("fifty routes that come in one run take a few reloads, and each is proved", { timeout: 300_000 }, async () => {
  for (const node of door.nodes) node.handler = healthy(node.hostname);
  await runRoutes("add-route", door.plan.routes);
  expect(countReloads()).toBeLessThanOrEqual(most);
  for (const { name, hostname } of door.nodes) {
    expect((await ask(door, `/${name}/html5client/`)).body.toString()).toBe(`<html>${hostname}`);
  }
});

test("one that leads nowhere takes none of the others with it", async () => {
  const [first, second] = door.plan.routes;
  const [, node] = door.nodes;
  if (!first || !second || !node) throw new Error("two nodes are needed");
  await runRoute("remove-route", second);
  // Under a name that this proxy does not serve.
  const elsewhere = { ...second, request: { ...second.request, proxyHostname: "other.example.com" } };
  const results = await Promise.allSettled([runRoute("add-route", elsewhere), runRoute("add-route", first)]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  expect((await ask(door, "/bbb-02/html5client/")).status).toBe(404);
  expect((await ask(door, "/bbb-01/html5client/")).status).toBe(200);
});

test("fifty that leave take a few reloads", { timeout: 300_000 }, async () => {
  countReloads();
  await runRoutes("remove-route", door.plan.routes);
  expect(countReloads()).toBeLessThanOrEqual(most);
  for (const { name } of door.nodes) expect((await ask(door, `/${name}/html5client/`)).status).toBe(404);
});
