import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

import { afterAll, beforeAll, expect, test } from "vitest";

import { BALANCER, balancerPaths } from "./hostile/balancer";
import { TOKEN } from "./hostile/hostile";
import { following, say } from "./hostile/place";
import { hostileFrames, hostileRequests } from "./hostile/suite";
import { BalancerDoor, behindTheBalancer } from "./rig/balancer-door";
import { CANARY, Canaries } from "./rig/canaries";
import { ADDRESS, isListening } from "./rig/nginx";
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
  const open = await Promise.all(
    [80, 443, 8000, 8080, 5432].map(async (port) => ((await isListening(port, ADDRESS)) ? [port] : [])),
  );
  expect(open.flat()).toEqual([80, 443]);
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
  const folder = "/var/log/nginx";
  const logs = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, "latin1"));
  expect(logs.join("").split("\n").length).toBeGreaterThan(300);
  for (const log of logs) {
    expect(log).not.toContain(TOKEN);
    expect(log).not.toContain("203.0.113.1,");
    expect(log).not.toContain("203.0.113.1 ");
  }
});
