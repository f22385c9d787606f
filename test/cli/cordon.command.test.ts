import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { outputs, Workbench } from "./support";

let bench: Workbench;
const cordon = { since: "2026-11-26T08:00:00Z", reason: "hums" };
const occupied = (changes: object = {}) => ({
  ...{ empty: true, obstacle: "", meetings: 0, people: 0, cordons: {}, pending: null, ...changes },
});

beforeEach(() => {
  bench = new Workbench();
  bench.file("outputs.json", outputs());
  bench.program("pulumi", 'case "$1 $2" in "stack output") cat outputs.json;; *) echo "$@" >>locked;; esac');
  // The last two arguments are the machine and the command, whose last word is the host program's.
  bench.program(
    "ssh",
    'while [ $# -gt 2 ]; do shift; done; set -- $1 $2; f="$1.$3"; cat >"$f.in"; cat "$f" || { echo "no route" >&2; exit 255; }',
  );
  for (const name of ["bbb-01", "bbb-02"]) {
    bench.file(`${name}.occupancy`, occupied());
    bench.file(`${name}.cordon`, { cordons: { hand: cordon } });
    bench.file(`${name}.uncordon`, { cordons: {} });
  }
});

afterEach(() => bench.remove());

const wasSent = (file: string) => existsSync(join(bench.folder, `${file}.in`));

test("a node is closed with the reason, without the stack's lock; what runs there goes on", async () => {
  bench.file("bbb-02.occupancy", occupied({ empty: false, obstacle: "2 meetings with 14 people", people: 14 }));
  const { status, stdout } = await bench.run("cordon", "bbb-02", "--reason", "fan\u001b[2J hums");
  expect(stdout).toBe("bbb-02: closed to new meetings; what runs goes on: 2 meetings with 14 people\n");
  expect(JSON.parse(bench.read("bbb-02.cordon.in"))).toEqual({ by: "hand", reason: "fan[2J hums" });
  expect(wasSent("bbb-01.cordon")).toBe(false);
  expect(() => bench.read("locked")).toThrow();
  expect(status).toBe(0);
});

test.each<[string, object | null]>([
  ["the only other one is closed", occupied({ cordons: { rollout: cordon } })],
  ["the only other one does not answer", null],
])("the last node that is open is not closed: %s", async (_, other) => {
  if (other === null)
    bench.program(
      "ssh",
      "case \"$*\" in *bbb-01*) exit 255;; *) echo '%';; esac".replace("%", JSON.stringify(occupied())),
    );
  else bench.file("bbb-01.occupancy", other);
  const { status, stderr } = await bench.run("cordon", "bbb-02", "--reason", "x");
  expect(stderr).toContain("no other node would be open to new meetings than bbb-02");
  expect(stderr.includes("(bbb-01 cannot be asked)")).toBe(other === null);
  expect(wasSent("bbb-02.cordon")).toBe(false);
  expect(status).toBe(1);
});

test("not all nodes are closed at once", async () => {
  const { status, stderr } = await bench.run("cordon", "bbb-01", "bbb-02", "--reason", "x");
  expect(stderr).toContain("no other node would be open to new meetings than bbb-01, bbb-02; nothing was closed");
  expect([wasSent("bbb-01.cordon"), wasSent("bbb-02.cordon"), status]).toEqual([false, false, 1]);
});

test("one that is closed already gets another reason", async () => {
  for (const name of ["bbb-01", "bbb-02"]) bench.file(`${name}.occupancy`, occupied({ cordons: { hand: cordon } }));
  const { status } = await bench.run("cordon", "bbb-01", "--reason", "still hums");
  expect(JSON.parse(bench.read("bbb-01.cordon.in"))).toEqual({ by: "hand", reason: "still hums" });
  expect(status).toBe(0);
});

test.each([
  [["cordon", "bbb-01"], 2, "Missing required argument: --reason"],
  [["cordon", "bbb-01", "--reason", " "], 2, "--reason must say why"],
  [["cordon", "bbb-1", "--reason", "x"], 2, "there is no node bbb-1 in this stack; there are bbb-01, bbb-02"],
  [["uncordon", "bbb"], 2, "there is no node bbb in this stack"],
])("%j is refused with what is wrong", async (argv, expected, message) => {
  const { status, stderr } = await bench.run(...argv);
  expect(stderr).toContain(message);
  expect(status).toBe(expected);
});

test("a node is opened, and another that does not answer is named", async () => {
  bench.program("ssh", 'case "$*" in *bbb-01*) echo \'{"cordons": {}}\';; *) echo "no route" >&2; exit 255;; esac');
  const { status, stdout } = await bench.run("uncordon", "bbb-01", "bbb-02");
  expect(stdout).toBe("bbb-01: open to new meetings\nbbb-02: cannot be asked: no route\n");
  expect(status).toBe(1);
});

test("who else has closed a node is said, with the way on", async () => {
  bench.file("bbb-01.uncordon", { cordons: { configuration: cordon, rollout: cordon } });
  const { status, stdout } = await bench.run("uncordon", "bbb-01");
  expect(stdout).toBe(
    "bbb-01: still closed to new meetings by the configuration since 2026-11-26T08:00:00Z: hums; " +
      "closed to new meetings by a rollout since 2026-11-26T08:00:00Z: hums\n" +
      "  see nodeSettings.bbb-01 in the configuration\n" +
      "  npm run rollout goes on with it; if none shall: npm run uncordon -- bbb-01 --rollout\n",
  );
  expect(JSON.parse(bench.read("bbb-01.uncordon.in"))).toEqual({ by: "hand" });
  expect(status).toBe(0);
});

test("a rollout's cordon is taken away when that is asked for", async () => {
  bench.program("ssh", "cat >>asked; echo >>asked; echo '{\"cordons\": {}}'");
  await bench.run("uncordon", "bbb-01", "--rollout");
  const asked = bench.read("asked").trim().split("\n");
  expect(asked.map((line) => JSON.parse(line))).toEqual([{ by: "rollout" }, { by: "hand" }]);
});
