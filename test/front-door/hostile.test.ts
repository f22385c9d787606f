import { afterAll, beforeAll, expect, test } from "vitest";

import { FOLLOWING, message, PROXY } from "./hostile/hostile";
import { paths, proxyPaths } from "./hostile/paths";
import { expectLogsTellNothing, expectWebAlone, hostileRequests } from "./hostile/suite";
import { Canaries } from "./rig/canaries";
import { behindTheProxy, FrontDoor } from "./rig/front-door";
import { exchange, statusesOf } from "./rig/wire";

let door: FrontDoor;
let canaries: Canaries;

beforeAll(async () => {
  door = new FrontDoor({ nodes: 2 });
  canaries = new Canaries(door.nodes);
  await door.start();
});

afterAll(() => door.stop());

hostileRequests(PROXY, [...paths(PROXY), ...proxyPaths], { ...behindTheProxy, canaries: () => canaries });

test("only two ports are open to the world, and the way to the nodes is not one of them", async () => {
  await expectWebAlone([8480, 8080, 8443]);
});

test("after all of it, the door opens as before, and a request is answered from each side of what was sent", async () => {
  const { bytes } = await exchange(message("GET", "/") + FOLLOWING);
  expect(statusesOf({ bytes })).toEqual([200, 404]);
  expect(canaries.take()).toEqual([]);
});

test("no log has anything of it that lets into a meeting, or tells who asked", async () => {
  await door.stop();
  expectLogsTellNothing();
});
