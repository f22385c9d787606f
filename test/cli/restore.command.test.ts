import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { backupPassword } from "../../plan/balancer/backup";
import { machineOutput } from "../support/outputs";
import { outputs, Workbench } from "./support";

let bench: Workbench;
const noted = { repository: "sftp://u123@box:23/bbb", at: "2026-11-26T00:31:07Z", failure: null, tried: null };
const snapshots = [
  { id: "0badcafe", time: "2026-11-25T00:31:07Z", bytes: 1_500_000 },
  { id: "51193713", time: "2026-11-26T00:31:07Z", bytes: null },
];
const restored = {
  ...{ snapshot: "51193713", time: "2026-11-26T00:31:07Z", rooms: 3, recordings: 7, newer: 1 },
  ...{ tenants: ["moodle"], nodes: ["bbb-01"], unknown: ["bbb-02"], silent: ["bbb-01.cluster.test"] },
  closed: { "bbb-01": "cordoned by hand since 2026-11-25T10:00:00Z: a fan hums" },
};

beforeEach(() => {
  bench = new Workbench();
  bench.file("outputs.json", { ...outputs(), balancers: [machineOutput("bbb-lb", 3)] });
  bench.program("pulumi", "cat outputs.json");
  bench.program("ssh", 'while [ $# -gt 2 ]; do shift; done; set -- $1 $2; f="$1.$3"; cat >"$f.in"; cat "$f"');
  bench.file("bbb-lb.backups", { ...noted, snapshots, here: { meetings: 0, recordings: 0 } });
  bench.file("bbb-lb.restore", restored);
  bench.file("bbb-lb.backup", { snapshot: "51193713", ...noted });
});

afterEach(() => bench.remove());

const wasAsked = (command: string) => existsSync(join(bench.folder, `bbb-lb.${command}.in`));
const asked = (command: string) => JSON.parse(bench.read(`bbb-lb.${command}.in`));
const isInUse = () => bench.file("bbb-lb.backups", { ...noted, snapshots, here: { meetings: 2, recordings: 9 } });

test("the backups are listed, and nothing else is done", async () => {
  const { status, stdout } = await bench.run("restore", "--list");
  expect(stdout).toMatch(
    /^0badcafe {2}2026-11-25T00:31:07Z {2}-?\d+ (hours|minutes) old, 1\.5 MB\n51193713 .* old\n2 backups in sftp:\/\/u123@box:23\/bbb\n$/,
  );
  expect([asked("backups"), wasAsked("restore"), status]).toEqual([{ list: true }, false, 0]);
});

test("what was brought back is said, and what was not", async () => {
  const { status, stdout } = await bench.run("restore");
  const lines = stdout.split("\n").slice(1, -1);
  expect(lines).toEqual([
    "nodes: bbb-01; closed to new meetings: 1",
    "  bbb-01: cordoned by hand since 2026-11-25T10:00:00Z: a fan hums",
    "tenants: moodle",
    "recordings: 7, 1 of them newer than the backup",
    "rooms that run on their nodes: 3",
    "bbb-01.cluster.test did not say what runs there: its rooms are as they were known",
    "bbb-02 is not known at the load balancer: `pulumi up` adds it",
  ]);
  const nodes = {
    "bbb-01": "https://bbb-01.cluster.test/bigbluebutton/api",
    "bbb-02": "https://bbb-02.cluster.test/bigbluebutton/api",
  };
  expect([asked("restore"), status]).toEqual([{ nodes, replace: true }, 0]);
});

test("one that is in use is not touched without a yes", async () => {
  isInUse();
  const { status, stdout } = await bench.run("restore");
  expect(stdout).toBe(
    "nothing was done: the load balancer has 2 meetings and 9 recordings; to go on: npm run restore -- --yes\n",
  );
  expect([wasAsked("restore"), status]).toEqual([false, 1]);
  expect((await bench.run("restore", "--yes", "--snapshot", "0badcafe")).status).toBe(0);
  expect(asked("restore")).toMatchObject({ replace: true, snapshot: "0badcafe" });
});

test("a repository of an older clusterSecret is opened with that, which itself goes nowhere", async () => {
  const secret = "0123456789abcdef".repeat(4);
  bench.file("old-secret", `${secret}\n`);
  const { status } = await bench.run("restore", "--secret-file", join(bench.folder, "old-secret"));
  expect([asked("restore").password, asked("restore").replace, status]).toEqual([backupPassword(secret), false, 0]);
  expect(bench.read("bbb-lb.restore.in")).not.toContain(secret);
});

test.each([
  [["--snapshot", ""], '--snapshot must be the id of a backup, as --list shows it, got ""'],
  [["--snapshot", "5"], '--snapshot must be the id of a backup, as --list shows it, got "5"'],
  [["--keep", "--list"], "--keep makes a backup and restores none: it goes with neither --list nor --snapshot"],
  [["--keep", "--snapshot", "0badcafe"], "--keep makes a backup and restores none"],
  [["--secret-file", "/does/not/exist"], "--secret-file /does/not/exist cannot be read: ENOENT"],
  [["--secret-file", "/dev/null"], "--secret-file /dev/null must have a clusterSecret, and is empty"],
])("%j is refused with what is wrong, and no machine is asked", async (argv, message) => {
  const { status, stderr } = await bench.run("restore", ...argv, "--yes");
  expect(stderr).toContain(message);
  expect(["backups", "backup", "restore"].filter(wasAsked)).toEqual([]);
  expect(status).toBe(2);
});

test("what is there now can be said to be right", async () => {
  const { status, stdout } = await bench.run("restore", "--keep");
  expect(stdout).toBe("backup 51193713 was made of what is there now\n");
  expect([asked("backup"), wasAsked("restore"), status]).toEqual([{ keep: true }, false, 0]);
});

test("a cluster without a load balancer of its own has nothing to restore", async () => {
  bench.file("outputs.json", outputs());
  const { status, stderr } = await bench.run("restore");
  expect([stderr, status]).toEqual(["this cluster has no load balancer of its own: nothing is backed up\n", 1]);
});
