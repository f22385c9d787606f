import { beforeEach, describe, expect, test } from "vitest";

import { abandon } from "../../../cli/leave/abandon";
import { drain } from "../../../cli/leave/drain";
import { removeWhenEmpty } from "../../../cli/leave/remove";
import { machinesIn } from "../../../cli/leave/stack";
import { Progress } from "../../../cli/terminal";
import { minute } from "../../../cli/walk/clock";
import { type Host, hosts } from "../walk/hosts";
import { VirtualClock } from "../walk/virtual-clock";
import { FakeStack } from "./fake-stack";

const names = ["bbb-01", "bbb-02", "bbb-03"];
let clock: VirtualClock;
let cluster: ReturnType<typeof hosts>;
let stack: FakeStack;
let said: string[];
let progress: Progress;

beforeEach(() => {
  clock = new VirtualClock();
  cluster = hosts(clock, names);
  stack = new FakeStack(cluster.reach.cluster);
  said = [];
  const write = (text: string) => said.push(text.slice(9).trimEnd());
  progress = new Progress({ isTTY: false, columns: 80, write } as never, () => clock.now());
});

const host = (name: string): Host => cluster.host(name);

/** What the command does, on a clock of its own. */
async function left(leaving: string[], minutes = 60): Promise<string[]> {
  const { there } = await drain(stack, leaving, progress);
  const removal = { stack, reach: cluster.reach, clock, progress, patience: minutes * minute, poll: minute };
  return (await clock.until(removeWhenEmpty(removal, there))) ?? [];
}

describe("nodes leave", () => {
  test("each when it is empty, and the others wait for nobody", async () => {
    host("bbb-02").people = 3;
    clock.sleep(20 * minute).then(() => (host("bbb-02").people = 0));
    expect(await left(["bbb-02", "bbb-03"])).toEqual([]);
    expect(stack.log).toEqual([
      ...["bbb-02 draining", "bbb-03 draining", "up"],
      ...["bbb-03 absent", "up"],
      ...["bbb-02 absent", "up"],
    ]);
    expect(stack.machines).toEqual(["bbb-01"]);
  });

  test("not when the time is up: they stay draining, and the same command goes on", async () => {
    host("bbb-02").people = 3;
    expect(await left(["bbb-02"])).toEqual(["bbb-02"]);
    expect([stack.settings, stack.machines]).toEqual([{ "bbb-02": "draining" }, names]);
    host("bbb-02").people = 0;
    expect(await left(["bbb-02"])).toEqual([]);
    expect(stack.log).toEqual(["bbb-02 draining", "up", "bbb-02 absent", "up"]);
  });

  test("not with recordings that nobody else has, but as soon as they are handed over", async () => {
    host("bbb-02").recordings = "1 recording: 1 not handed over (/var/bigbluebutton/published)";
    clock.sleep(20 * minute).then(() => (host("bbb-02").recordings = ""));
    expect(await left(["bbb-02"])).toEqual([]);
    expect(stack.log).toEqual(["bbb-02 draining", "up", "bbb-02 absent", "up"]);
    expect(said).toContain("waits for bbb-02 (1 recording: 1 not handed over (/var/bigbluebutton/published))");
  });

  test("not while somebody has to see to their recordings, which is said", async () => {
    host("bbb-02").recordings = "1 recording: 1 not handed over, unpublished (/var/bigbluebutton/unpublished)";
    host("bbb-02").findings = ["0a-1 is unpublished here, …: publish it"];
    expect(await left(["bbb-02"])).toEqual(["bbb-02"]);
    expect(said).toContain(`waits for bbb-02 (${host("bbb-02").recordings}; ${host("bbb-02").findings[0]})`);
  });

  test("not while they do not answer: silence is no emptiness", async () => {
    host("bbb-02").silent = { from: 0, until: Number.POSITIVE_INFINITY };
    expect(await left(["bbb-02"])).toEqual(["bbb-02"]);
    expect(said).toContain(
      "waits for bbb-02 (cannot be asked: power it on; if it is dead, save its disk in a snapshot, then --abandon)",
    );
  });

  test("though nobody tells who is closed at the load balancer", async () => {
    cluster.reach.cluster.teller = "bbb";
    expect(await left(["bbb-02"])).toEqual([]);
  });

  test("and of one that is waited for it is said what is on itself, also when another one is gone", async () => {
    host("bbb-03").people = 3;
    expect(await left(["bbb-02", "bbb-03"])).toEqual(["bbb-03"]);
    expect(said.filter((line) => line.startsWith("waits"))[0]).toBe("waits for bbb-03 (3 people)");
  });

  test("again after a while when their removal was refused, and are draining until then", async () => {
    stack.held.add("bbb-02");
    clock.sleep(5 * minute).then(() => stack.held.delete("bbb-02"));
    expect(await left(["bbb-02"])).toEqual([]);
    expect(stack.log.filter((each) => each === "up")).toHaveLength(5);
    expect(stack.log.filter((each) => each === "bbb-02 draining")).toHaveLength(4);
  });
});

describe("where an earlier run was killed", () => {
  test("after the configuration said absent, it goes on", async () => {
    stack.settings = { "bbb-02": "absent" };
    expect(await left(["bbb-02"])).toEqual([]);
    expect(stack.log).toEqual(["bbb-02 draining", "up", "bbb-02 absent", "up"]);
  });

  test("before `pulumi up`, that is run", async () => {
    stack.settings = { "bbb-02": "draining" };
    expect(await left(["bbb-02"])).toEqual([]);
    expect(stack.log).toEqual(["up", "bbb-02 absent", "up"]);
  });

  test("after all was done, nothing is", async () => {
    stack.settings = { "bbb-02": "absent" };
    stack.machines = ["bbb-01", "bbb-03"];
    expect(await left(["bbb-02"])).toEqual([]);
    expect(stack.log).toEqual([]);
    expect(said).toEqual(["bbb-02: is gone already"]);
  });
});

test("a node that is out of service leaves without being drained, though it is protected", async () => {
  Object.assign(cluster.reach.cluster.nodes[1] ?? {}, { standalone: true });
  stack.settings = { "bbb-02": "standalone" };
  stack.protectedOnes.add("bbb-02");
  expect(await left(["bbb-02"])).toEqual([]);
  expect(stack.log).toEqual(["bbb-02 absent", "up"]);
});

test.each([
  [["bbb-07"], "there is no node bbb-07 in this stack; there are bbb-01, bbb-02, bbb-03"],
  [names, "no other node would be open to new meetings than bbb-01, bbb-02, bbb-03; nothing was changed"],
])("%j is refused with what is wrong, and nothing is changed", async (leaving, message) => {
  await expect(drain(stack, leaving, progress)).rejects.toThrow(message);
  expect(stack.log).toEqual([]);
});

test("a pulumi up that fails elsewhere holds nobody up; one that did not close the node does", async () => {
  stack.isWell = false;
  expect(await left(["bbb-02"])).toEqual([]);
  expect(said.slice(-2)).toEqual([...["pulumi up failed in something else; when it can: pulumi up", "bbb-02: gone"]]);
  stack.up = async () => false;
  await expect(drain(stack, ["bbb-03"], progress)).rejects.toThrow("pulumi up did not close bbb-03");
});

describe("a dead node", () => {
  const agreed = async () => true;
  // The fake answers in the place of ssh, which abandon reaches by itself.
  const config = { sshConfig: "/dev/null", agreed };

  test("is given up when that was agreed to, protected or not", async () => {
    stack.protectedOnes.add("bbb-02");
    stack.isWell = false;
    expect(await abandon(stack, ["bbb-02"], progress, config)).toBe(0);
    expect(said).toContain("pulumi up failed in something else; when it can: pulumi up");
    expect(stack.log).toEqual(["bbb-02 abandoned", "up"]);
    expect(stack.machines).toEqual(["bbb-01", "bbb-03"]);
  });

  test("stays when it was not", async () => {
    expect(await abandon(stack, ["bbb-02"], progress, { ...config, agreed: async () => false })).toBe(3);
    expect(stack.log).toEqual([]);
  });

  test("that could not be removed is an error, and one that is gone is none", async () => {
    stack.held.add("bbb-02");
    expect(await abandon(stack, ["bbb-02"], progress, config)).toBe(1);
    stack.machines = ["bbb-01"];
    expect(await abandon(stack, ["bbb-02"], progress, config)).toBe(0);
  });
});

test("a machine is there as long as the state has its server", () => {
  const server = (name: string) => ({
    urn: `urn:pulumi:t::p::hcloud:index/server:Server::${name}`,
    type: "hcloud:index/server:Server",
  });
  const address = { urn: "urn:pulumi:t::p::hcloud:index/primaryIp:PrimaryIp::bbb-02-server", type: "x" };
  expect(machinesIn([server("bbb-01-server"), server("x-bbb-03-server"), address], names)).toEqual(["bbb-01"]);
});
