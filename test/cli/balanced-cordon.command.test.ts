import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { outputs, Workbench } from "./support";

let bench: Workbench;
const cordon = { since: "2026-11-26T08:00:00Z", reason: "hums" };
const nobody = { empty: true, obstacle: "", meetings: 0, people: 0, cordons: {}, pending: null };
const member = (holders: object = {}, byOthersSince: string | null = null) => ({ holders, byOthersSince });

beforeEach(() => {
  bench = new Workbench();
  bench.file("outputs.json", { ...outputs(), loadBalancer: { kind: "scalelite", url: "https://lb", teller: "bbb" } });
  bench.program("pulumi", 'case "$1 $2" in "stack output") cat outputs.json;; *) exit 1;; esac');
  bench.program(
    "ssh",
    'while [ $# -gt 2 ]; do shift; done; set -- $1 $2; f="$1.$3"; echo "$f" >>asked; cat >"$f.in"; ' +
      'cat "$f" || { echo "no route" >&2; exit 255; }',
  );
  bench.file("bbb.members", { members: { "bbb-01": member(), "bbb-02": member() } });
  bench.file("bbb.hold", { holders: { hand: cordon } });
  bench.file("bbb.release", { holders: {} });
  for (const name of ["bbb-01", "bbb-02"]) {
    bench.file(`${name}.occupancy`, nobody);
    bench.file(`${name}.cordon`, { cordons: { hand: cordon } });
    bench.file(`${name}.uncordon`, { cordons: {} });
  }
});

afterEach(() => bench.remove());

const changes = () => bench.read("asked").match(/\S+\.(hold|release|cordon|uncordon)$/gm);

test("a node is closed at the load balancer first, so that nobody is sent where he is refused", async () => {
  const { status, stdout } = await bench.run("cordon", "bbb-02", "--reason", "hums");
  expect([status, stdout]).toEqual([0, "bbb-02: closed to new meetings\n"]);
  expect(changes()).toEqual(["bbb.hold", "bbb-02.cordon"]);
  expect(JSON.parse(bench.read("bbb.hold.in"))).toEqual({ node: "bbb-02", by: "hand", reason: "hums" });
});

test("a node that the load balancer does not close is not closed at all", async () => {
  bench.program(
    "ssh",
    `case "$*" in *hold*) echo "no" >&2; exit 1;; *occ*) echo '${JSON.stringify(nobody)}';;
    *members*) cat bbb.members;; *) touch told;; esac`,
  );
  const { status, stdout } = await bench.run("cordon", "bbb-02", "--reason", "hums");
  expect([status, stdout]).toEqual([1, "bbb-02: cannot be asked: no\n"]);
  expect(existsSync(join(bench.folder, "told"))).toBe(false);
});

test("a node that does not answer is closed and opened at the load balancer all the same", async () => {
  bench.program(
    "ssh",
    `case "$*" in *bbb-02*) exit 255;; *hold*) cat bbb.hold;; *release*) cat bbb.release;;
    *members*) cat bbb.members;; *) echo '${JSON.stringify(nobody)}';; esac`,
  );
  expect((await bench.run("cordon", "bbb-02", "--reason", "dead")).stdout).toBe("bbb-02: closed to new meetings\n");
  expect((await bench.run("uncordon", "bbb-02")).stdout).toBe("bbb-02: open to new meetings\n");
});

test("a node is open again at the load balancer last of all", async () => {
  expect((await bench.run("uncordon", "bbb-02")).stdout).toBe("bbb-02: open to new meetings\n");
  expect(changes()).toEqual(["bbb-02.uncordon", "bbb.release"]);
});

test("what somebody has closed at the load balancer counts as closed", async () => {
  bench.file("bbb.members", { members: { "bbb-01": member({}, "2026-11-26T08:00:00Z"), "bbb-02": member() } });
  const { status, stderr } = await bench.run("cordon", "bbb-02", "--reason", "x");
  expect(stderr).toContain("no other node would be open to new meetings than bbb-02");
  expect(status).toBe(1);
});
