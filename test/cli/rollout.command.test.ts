import { afterEach, beforeEach, expect, test } from "vitest";

import { outputs, Workbench } from "./support";

let bench: Workbench;
const nothing = { empty: true, obstacle: "", meetings: 0, people: 0, cordons: {}, pending: null };
const pending = { since: "2026-11-26T08:00:00Z", what: ["BigBlueButton 3.0.31"] };

/** On the proxy: no other rollout goes on. */
const alone = "case $1 in bbb) echo alone; exec cat >/dev/null;; esac;";

beforeEach(() => {
  bench = new Workbench();
  bench.file("outputs.json", outputs());
  bench.file("config.json", { "bbb-cluster:drainTimeoutMinutes": { value: "1" } });
  bench.program(
    "pulumi",
    'case "$1 $2" in "stack output") cat outputs.json;; "config "*) cat config.json;; *) echo "$@" >>locked;; esac',
  );
  // The last two arguments are the machine and the command: program, word and perhaps `</dev/null`.
  bench.program(
    "ssh",
    `while [ $# -gt 2 ]; do shift; done; ${alone}
     set -- $1 $2; cat >/dev/null; echo "$1 $3" >>asked; cat "$1.$3" || exit 255`,
  );
  for (const name of ["bbb-01", "bbb-02"]) {
    bench.file(`${name}.occupancy`, nothing);
    bench.file(`${name}.due`, { held: [], waiting: [], old: [], reboot: null, last: null });
  }
});

afterEach(() => bench.remove());

test("where nothing waits nothing is done, without the stack's lock", async () => {
  const { status, stdout } = await bench.run("rollout");
  expect(stdout).toBe("nothing is to be done\n");
  const asked = new Set(bench.read("asked").trim().split("\n"));
  expect(asked).toEqual(new Set(["bbb-01 due", "bbb-01 occupancy", "bbb-02 due", "bbb-02 occupancy"]));
  expect(() => bench.read("locked")).toThrow();
  expect(status).toBe(0);
});

test("a node that was left out is status 3", async () => {
  bench.file("bbb-01.occupancy", { ...nothing, cordons: { hand: { since: "x", reason: "y" } }, pending });
  const { status, stdout } = await bench.run("rollout");
  expect(stdout).toBe("bbb-01 was left out: it is closed by hand\nnothing was done\n");
  expect(status).toBe(3);
});

test("a node that cannot be asked is named with the reason, and is status 3", async () => {
  bench.file("bbb-02.occupancy", "");
  const { status, stdout } = await bench.run("rollout", "--answer-timeout", "0");
  expect(stdout.replaceAll(/^\d\d:\d\d:\d\d /gm, "")).toBe(
    [
      ...["bbb-02: cannot be asked: its answer is not JSON", "bbb-02 was left out: it cannot be asked"],
      ...["npm run rollout goes on", "nothing was done", ""],
    ].join("\n"),
  );
  expect(status).toBe(3);
});

test("Ctrl-C leaves every node as it is, and says how to go on", async () => {
  bench.file("bbb-01.occupancy", { ...nothing, empty: false, obstacle: "3 people", people: 3, pending });
  bench.file("bbb-01.cordon", { cordons: { rollout: { since: "x", reason: "y" } } });
  bench.program(
    "ssh",
    `while [ $# -gt 2 ]; do shift; done; ${alone} set -- $1 $2; cat >/dev/null; echo "$1 $3" >>asked; cat "$1.$3"
     if [ $3 = cordon ]; then kill -INT $PPID; fi`,
  );
  const { status, stderr } = await bench.run("rollout");
  expect(stderr).toContain("every node stays as it is: the same command goes on");
  expect(bench.read("asked")).not.toContain("uncordon");
  expect(status).toBe(130);
});

test("a second rollout ends at once, with nothing done", async () => {
  bench.program("ssh", 'while [ $# -gt 2 ]; do shift; done; [ "$1" = bbb ] && exit 75; echo "$1" >>asked');
  const { status, stderr } = await bench.run("rollout");
  expect(stderr).toContain("another npm run rollout goes on, perhaps on another computer");
  expect(() => bench.read("asked")).toThrow();
  expect(status).toBe(1);
});

test("a drainTimeoutMinutes that is none is refused, for nothing would ever end", async () => {
  bench.file("config.json", { "bbb-cluster:drainTimeoutMinutes": { value: "1h" } });
  const { status, stderr } = await bench.run("rollout");
  expect(stderr).toBe(
    'drainTimeoutMinutes must be 1 to 1440, got "1h"; run: pulumi config set drainTimeoutMinutes 120\n',
  );
  expect(status).toBe(1);
});

test.each([
  [["--width", "0"], "--width must be a whole number from 1 on"],
  [["--drain-timeout", "1h"], "--drain-timeout must be a whole number from 1 on"],
  [["--only", ","], '--only must name nodes, with commas, such as bbb-01,bbb-02, got ","'],
  [["--only", "bbb-01, bbb-07"], "there is no node bbb-07 in this stack; there are bbb-01, bbb-02"],
])("%j is refused with what is wrong", async (argv, message) => {
  const { status, stderr } = await bench.run("rollout", ...argv);
  expect(stderr).toContain(message);
  expect(status).toBe(2);
});
