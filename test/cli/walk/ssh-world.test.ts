import { beforeEach, expect, test } from "vitest";

import { describeOutcome } from "../../../cli/rollout";
import { Progress } from "../../../cli/terminal";
import { sshWorld } from "../../../cli/walk/ssh-world";
import { walk } from "../../../cli/walk/walk";
import { change, type Host, hosts } from "./hosts";
import { patient } from "./simulation";
import { VirtualClock } from "./virtual-clock";

const names = ["bbb-01", "bbb-02", "bbb-03"];
let clock: VirtualClock;
let cluster: ReturnType<typeof hosts>;
let said: string;

beforeEach(() => {
  clock = new VirtualClock();
  cluster = hosts(clock, names);
  said = "";
});

const host = (name: string): Host => cluster.host(name);

async function rolledOut(options: { reboot?: boolean; failing?: () => Promise<string[]> } = {}) {
  const { reboot = false, failing = async () => [] } = options;
  const stream = { isTTY: false, columns: 80, write: (text: string) => (said += text) };
  const progress = new Progress(stream as never, () => clock.now());
  const world = sshWorld(cluster.reach, { reboot, progress, clock, failing });
  const outcome = await clock.until(walk(world, patient));
  return describeOutcome(outcome ?? expect.fail());
}

test("what waits comes to every node, and where nothing does nothing is done", async () => {
  for (const name of ["bbb-01", "bbb-03"]) host(name).pending = change;
  expect(await rolledOut()).toEqual(["done: bbb-01, bbb-03"]);
  expect(names.map((name) => [host(name).pending, host(name).cordons])).toEqual(Array(3).fill([null, {}]));
  expect(new Set(host("bbb-02").asked)).toEqual(new Set(["occupancy", "due"]));
  expect(await rolledOut()).toEqual(["nothing is to be done"]);
});

test("a reboot that is due is brought, too", async () => {
  host("bbb-02").reboots = ["libc6"];
  host("bbb-02").apply = (machine) => {
    machine.reboot();
    return { applied: true, left: "", reboot: true };
  };
  expect(await rolledOut()).toEqual(["done: bbb-02"]);
  expect(host("bbb-02").reboots).toBeNull();
});

test("a wished reboot comes to those that had none for a day", async () => {
  // Of the virtual clock, which begins in 1970.
  for (const name of names) host(name).booted = "Wed 1969-12-01 00:00:00 UTC";
  host("bbb-02").booted = "Wed 1969-12-31 23:00:00 UTC";
  expect(await rolledOut({ reboot: true })).toEqual(["done: bbb-01, bbb-03"]);
  expect(names.map((name) => host(name).booted.slice(15, 23))).toEqual(["09:00:00", "23:00:00", "09:00:00"]);
});

test("nodes that are closed by hand are left out by name, and those that leave, too", async () => {
  for (const name of names) host(name).pending = change;
  host("bbb-01").cordons = { hand: { since: "x", reason: "y" } };
  const [, , third] = cluster.reach.cluster.nodes;
  Object.assign(third ?? {}, { draining: true });
  expect(await rolledOut()).toEqual([
    "bbb-01 was left out: it is closed by hand",
    "bbb-03 was left out: it is closed by configuration",
    "bbb-02 was not changed: no other node is open to new meetings",
    "npm run rollout goes on",
    "nothing was done",
  ]);
});

test("after a failed check the node stays closed, and the next run begins with it", async () => {
  for (const name of names) host(name).pending = change;
  const failing = async () => ["bbb-01: client page: expected 200; seen 502"];
  expect(await rolledOut({ failing })).toEqual([
    "bbb-01 failed, and stays closed: bbb-01: client page: expected 200; seen 502, after 10 minutes",
    "bbb-02 was not changed: its turn had not come",
    "bbb-03 was not changed: its turn had not come",
    "repair it; then npm run rollout goes on, with that node first",
    "nothing was done",
  ]);
  expect(Object.keys(host("bbb-01").cordons)).toEqual(["rollout"]);
  said = "";
  expect(await rolledOut()).toEqual(["done: bbb-01, bbb-02, bbb-03"]);
  expect(said.split("\n")[0]).toMatch(/^\d\d:\d\d:\d\d bbb-01: was left closed by a rollout; is checked$/);
});
