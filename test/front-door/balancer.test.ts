import { mkdirSync, writeFileSync } from "node:fs";

import { afterAll, beforeAll, expect, test } from "vitest";

import { BALANCER, balancerPaths } from "./hostile/balancer";
import { following, say } from "./hostile/place";
import { expectLogsTellNothing, expectWebAlone, hostileFrames, hostileRequests } from "./hostile/suite";
import { BalancerDoor, behindTheBalancer } from "./rig/balancer-door";
import { CANARY, Canaries } from "./rig/canaries";
import { exchange, statusesOf } from "./rig/wire";

const RECORDINGS = "/var/lib/bbblb/recordings";
const opening = { servername: BALANCER.door };
let door: BalancerDoor;
let canaries: Canaries;

beforeAll(async () => {
  door = new BalancerDoor();
  canaries = new Canaries([door.bbblb]);
  const files = ["storage/canary.xml", BALANCER.readOnly.path.replace("/playback", "public")].map(
    (name) => `${RECORDINGS}/${name}`,
  );
  for (const file of files) {
    mkdirSync(file.replace(/\/[^/]*$/, ""), { recursive: true });
    writeFileSync(file, file.includes("public") ? "<published/>\n" : CANARY);
  }
  mkdirSync("/etc/bbblb", { recursive: true });
  writeFileSync("/etc/bbblb/secret.env", CANARY);
  await door.start();
});

afterAll(() => door.stop());

const behind = { ...behindTheBalancer, canaries: () => canaries };
hostileRequests(BALANCER, balancerPaths, behind);
hostileFrames(BALANCER, behind);

test("only two ports are open to the world", async () => {
  await expectWebAlone([8000, 8080, 5432]);
});

test("after all of it, what is published is played as before, and what is not is nowhere", async () => {
  const [path] = [BALANCER.readOnly.path];
  const { bytes } = await exchange(say(BALANCER, "GET", path) + following(BALANCER), opening);
  expect(statusesOf({ bytes })).toEqual([200, 404]);
  expect(bytes.toString()).toContain("<published/>");
  expect(canaries.take()).toEqual([]);
});

test("no log has anything of it that lets into a meeting, or tells who asked", async () => {
  await door.stop();
  expectLogsTellNothing();
});
