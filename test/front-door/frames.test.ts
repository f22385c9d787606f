import { afterAll, beforeAll } from "vitest";

import { PROXY } from "./hostile/hostile";
import { hostileFrames } from "./hostile/suite";
import { Canaries } from "./rig/canaries";
import { behindTheProxy, FrontDoor } from "./rig/front-door";

let door: FrontDoor;
let canaries: Canaries;

beforeAll(async () => {
  door = new FrontDoor({ nodes: 2 });
  canaries = new Canaries(door.nodes);
  await door.start();
});

afterAll(() => door.stop());

hostileFrames(PROXY, { ...behindTheProxy, canaries: () => canaries });
