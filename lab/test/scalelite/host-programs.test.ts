import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

import { Bench, secret } from "./bench";

const host = join(__dirname, "..", "..", "..", "host");
let bench: Bench;
let root: string;

beforeEach(async () => {
  bench = await Bench.start();
  root = mkdtempSync(join(tmpdir(), "proxy-"));
});

afterEach(() => bench.close());

/** What the proxy's host programs do, and answer, with the node that is the first of the bench. */
async function proxy(call: string): Promise<string> {
  const lines = [
    "from bbb_cluster.balancer import members",
    "from bbb_cluster.balancer.scalelite import Scalelite",
    `balancer, url, node = Scalelite(${JSON.stringify(bench.scalelite.url)}, "${secret}"), "${nodeUrl()}", "bbb-01"`,
    `print(members.${call})`,
  ];
  const env = { ...process.env, BBB_CLUSTER_ROOT: root, PYTHONDONTWRITEBYTECODE: "1" };
  const { stdout } = await promisify(execFile)("/usr/bin/python3", ["-c", lines.join("\n")], { cwd: host, env });
  return stdout.trim();
}

/** Nodes of a bench differ by their ports alone, servers are told apart by their hosts. */
function nodeUrl(): string {
  return bench.one.url.replace("127.0.0.1", "localhost");
}

const joining = `join(balancer, node, url, "secret-one", 1.0)`;
const first = () => bench.scalelite.database.servers().find(({ url }) => url === nodeUrl());

/** The other node is there, enabled and polled. */
async function other(): Promise<void> {
  const { json } = await bench.servers("addServer", { server: { url: bench.two.url, secret: bench.two.secret } });
  await bench.state(json.id, "enable");
}

test("a node joins, gets meetings, is held and released, and leaves when it is empty", async () => {
  await other();
  expect(await proxy(joining)).toBe("");
  await bench.scalelite.poll();
  expect(first()).toMatchObject({ state: "enabled", online: true });
  for (const meetingID of ["physics", "chemistry"]) await bench.meetings("create", { meetingID });
  expect(bench.one.meetings.size).toBe(1);
  expect(await proxy(`hold(balancer, node, "hand", "new disk")`)).toMatch(/^cordoned by hand since .*: new disk$/);
  bench.one.meetings.clear();
  await bench.scalelite.poll();
  expect(first()).toMatchObject({ state: "disabled" });
  expect(await proxy(`release(balancer, node, "hand")`)).toBe("");
  expect(first()).toMatchObject({ state: "enabled" });
  await expect(proxy(`leave(balancer, node, url, lambda: "1 meeting with 2 people")`)).rejects.toThrow(
    "still has 1 meet",
  );
  expect(first()).toMatchObject({ state: "enabled" });
  await proxy(`leave(balancer, node, url, lambda: "")`);
  expect(first()).toBeUndefined();
});

test("the last node that is enabled and online cannot be held", async () => {
  await proxy(joining);
  await bench.scalelite.poll();
  await expect(proxy(`hold(balancer, node, "hand", "")`)).rejects.toThrow("is the last server of Scalelite");
  expect(first()).toMatchObject({ state: "enabled" });
});

test("the rooms of a node that is off begin elsewhere once it is given up", async () => {
  await other();
  await proxy(joining);
  await bench.scalelite.poll();
  const rooms = ["a", "b", "c", "d"];
  for (const meetingID of rooms) await bench.meetings("create", { meetingID, moderatorPW: "mod" });
  expect(bench.one.meetings.size).toBe(2);
  bench.one.dead = true;
  await proxy("give_up(balancer, node, url)");
  for (const meetingID of rooms) await bench.meetings("create", { meetingID, moderatorPW: "mod" });
  expect([...bench.two.meetings.keys()].sort()).toEqual(rooms);
  expect(first()).toBeUndefined();
});

test("what somebody closes at Scalelite stays closed", async () => {
  await other();
  await proxy(joining);
  await bench.state(first()?.id ?? "", "cordon");
  expect(await proxy(joining)).toMatch(/^cordoned at the load balancer, not by this cluster \(seen first at 20.*Z\)$/);
  expect(first()).toMatchObject({ state: "cordoned" });
});
