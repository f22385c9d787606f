import { beforeEach, describe, expect, test } from "vitest";

import { changeNode } from "../../../cli/walk/change";
import { minute } from "../../../cli/walk/clock";
import { change, type Host, hosts } from "./hosts";
import { VirtualClock } from "./virtual-clock";

let clock: VirtualClock;
let host: Host;
let failing: string[][];
let waited: string[];
let reach: ReturnType<typeof hosts>["reach"];

beforeEach(() => {
  clock = new VirtualClock();
  const cluster = hosts(clock, ["bbb-01"]);
  reach = cluster.reach;
  host = cluster.host("bbb-01");
  host.pending = change;
  failing = [];
  waited = [];
});

function changed(options: { wanted?: boolean; reboot?: boolean } = {}) {
  const { wanted = true, reboot = false } = options;
  const isWanted = async () => host.pending !== null;
  const wait = (text: string) => void waited.push(text);
  const parts = { reach, clock, reboot, isWanted, wait, failing: async () => failing.shift() ?? [] };
  return clock.until(changeNode(parts, "bbb-01", wanted));
}

test("what waits is applied, and the node is checked", async () => {
  failing = [["bbb-01: client page: expected 200; seen 502"]];
  expect(await changed()).toBe("done");
  expect(host.asked.filter((name) => name === "apply")).toHaveLength(1);
  expect(failing).toEqual([]);
  expect(waited).toEqual(["bbb-01 is not well yet: bbb-01: client page: expected 200; seen 502"]);
});

test("a node on which nothing waits is only checked", async () => {
  host.pending = null;
  expect(await changed({ wanted: false })).toBe("done");
  expect(host.asked).not.toContain("apply");
});

describe("a reboot", () => {
  test("is waited for, though it begins after a moment", async () => {
    host.apply = (machine) => {
      machine.pending = null;
      machine.reboot();
      return { applied: true, left: "", reboot: true };
    };
    expect(await changed()).toBe("done");
    expect(clock.now()).toBeGreaterThanOrEqual(2 * minute);
  });

  test("that does not come about is an error, and so is a node that does not come back", async () => {
    host.apply = () => ({ applied: true, left: "", reboot: true });
    await expect(changed()).rejects.toThrow("it has not rebooted, after 10 minutes");
    host.apply = (machine) => {
      machine.reboot();
      machine.silent.until = Number.POSITIVE_INFINITY;
      return { applied: true, left: "", reboot: true };
    };
    await expect(changed()).rejects.toThrow("does not answer: no route to host, after 10 minutes");
  });

  test("that is wished comes after what waits, to a closed node", async () => {
    expect(await changed({ reboot: true })).toBe("done");
    expect([host.pending, Object.keys(host.cordons)]).toEqual([null, ["rollout"]]);
    expect(clock.now()).toBeGreaterThanOrEqual(2 * minute);
  });

  test("that is wished does not come to people", async () => {
    host.apply = (machine) => {
      machine.people = 1;
      return { applied: true, left: "", reboot: false };
    };
    expect(await changed({ reboot: true })).toBe("later");
    expect(host.booted).toContain("00:00:00");
  });

  test("that is due, and did not come because of people, is not waited for", async () => {
    host.apply = (machine) => {
      machine.people = 1;
      return { applied: false, left: "1 meeting with 1 person", reboot: true };
    };
    expect(await changed()).toBe("later");
    expect(clock.now()).toBe(0);
  });
});

test("a node to which people have come in the meantime comes later", async () => {
  host.apply = (machine) => {
    machine.people = 3;
    return { applied: false, left: "1 meeting with 3 people", reboot: false };
  };
  expect(await changed()).toBe("later");
});

test("a node on which another run still works comes later", async () => {
  host.apply = () => new Error("bbb-cluster (process 7) still holds the lock after 10 minutes of waiting");
  expect(await changed()).toBe("later");
});

test("what could not be applied on an empty node is the error", async () => {
  host.apply = () => ({ applied: false, left: "the package lists cannot be updated", reboot: false });
  await expect(changed()).rejects.toThrow("the package lists cannot be updated");
});

test("a connection that was lost after the work was done is none", async () => {
  host.apply = (machine) => {
    machine.pending = null;
    machine.silent = { from: clock.now(), until: clock.now() + minute };
    return new Error("Connection closed by remote host");
  };
  expect(await changed()).toBe("done");
});

test("the host programs' own sentence is the error when the work was not done", async () => {
  host.apply = () => new Error("nginx does not accept its configuration");
  await expect(changed()).rejects.toThrow("nginx does not accept its configuration");
});

test("a change that still waits after all is an error", async () => {
  host.apply = () => ({ applied: true, left: "", reboot: false });
  await expect(changed()).rejects.toThrow("still waits: BigBlueButton 3.0.31");
});

test("of many checks that fail the first are named", async () => {
  failing = Array(1000).fill(["a", "b", "c", "d", "e"]);
  await expect(changed()).rejects.toThrow("a; b; c; and 2 more (npm run verify), after 10 minutes");
});

test("what is still wrong after ten minutes is the error", async () => {
  failing = Array(1000).fill(["bbb-01: client page: expected 200; seen 502"]);
  await expect(changed()).rejects.toThrow("bbb-01: client page: expected 200; seen 502, after 10 minutes");
});
