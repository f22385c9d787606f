import { afterEach, beforeEach, expect, test } from "vitest";

import { outputs, Workbench } from "../support";

let bench: Workbench;
const nothing = { empty: true, obstacle: "", meetings: 0, people: 0, cordons: {}, pending: null };
const serverType = "hcloud:index/server:Server";
const server = (name: string) => ({
  ...{ urn: `urn:pulumi:t::p::${serverType}::${name}-server`, type: serverType, protect: true },
});
const state = (...names: string[]) => ({ version: 3, deployment: { resources: names.map(server) } });

/** The stack's outputs with bbb-02 in a state. */
function outputsWith(second: string): object {
  const { nodes, ...others } = outputs() as { nodes: { name: string }[] };
  return { ...others, nodes: nodes.map((node) => (node.name === "bbb-02" ? { ...node, state: second } : node)) };
}

beforeEach(() => {
  bench = new Workbench();
  bench.file("outputs.json", outputsWith("present"));
  bench.file("state.json", state("bbb-01", "bbb-02"));
  bench.file("config.json", { "bbb-cluster:drainTimeoutMinutes": { value: "1" } });
  // Each `up` brings what was put aside for it.
  bench.program(
    "pulumi",
    `case "$1 $2" in
       "stack output") cat outputs.json;;
       "stack export") cat state.json;;
       "stack import") cat >imported;;
       "config set") echo "$4 $5" >>done;;
       "config "*) cat config.json;;
       "up --yes") echo "up with $PULUMI_CONTINUE_ON_ERROR" >>done; echo "Pulumi's own words"; sh next.sh;;
     esac`,
  );
  bench.program("ssh", 'while [ $# -gt 2 ]; do shift; done; cat "$1.occupancy" || exit 255');
  for (const name of ["bbb-01", "bbb-02"]) bench.file(`${name}.occupancy`, nothing);
});

afterEach(() => bench.remove());

test("a node leaves in two runs of pulumi, whose words are passed on", async () => {
  bench.file("drained.json", outputsWith("draining"));
  bench.file("gone.json", state("bbb-01"));
  bench.file(
    "next.sh",
    "if [ -e once ]; then cp gone.json state.json; else touch once; cp drained.json outputs.json; fi",
  );
  const { status, stdout } = await bench.run("leave", "bbb-02");
  expect(bench.read("done").trim().split("\n")).toEqual([
    ...["nodeSettings.bbb-02.state draining", "up with true"],
    ...["nodeSettings.bbb-02.state absent", "up with true"],
  ]);
  expect(stdout.replaceAll(/^\d\d:\d\d:\d\d /gm, "")).toBe(
    [
      ...["pulumi up: bbb-02 will take no new meetings", "Pulumi's own words"],
      ...["pulumi up: bbb-02 is empty, and removed", "Pulumi's own words", "bbb-02: gone", ""],
    ].join("\n"),
  );
  expect(status).toBe(0);
});

test("Ctrl-C waits for the run of pulumi that it ends, too, and says how to go on", async () => {
  bench.file("drained.json", outputsWith("draining"));
  bench.file("next.sh", "kill -INT $(ps -o ppid= -p $PPID); sleep 0.2; cp drained.json outputs.json; touch ended");
  const { status, stderr } = await bench.run("leave", "bbb-02");
  expect(stderr).toContain("nodes that are draining stay so, and the same command goes on");
  expect(bench.read("done").trim().split("\n")).toEqual(["nodeSettings.bbb-02.state draining", "up with true"]);
  expect(bench.read("ended")).toBe("");
  expect(status).toBe(130);
});

test("nothing is abandoned that answers and has people, whatever was agreed to", async () => {
  bench.file("bbb-02.occupancy", { ...nothing, empty: false, obstacle: "2 meetings with 14 people" });
  const { status, stderr } = await bench.run("leave", "bbb-02", "--abandon", "--yes");
  expect(stderr).toContain("bbb-02 is not dead, it has 2 meetings with 14 people; leave without --abandon");
  expect(() => bench.read("done")).toThrow();
  expect(status).toBe(1);
});

test("nothing is abandoned that answers and has people, though nobody tells who is closed at the load balancer", async () => {
  bench.file("outputs.json", { ...outputs(), loadBalancer: { kind: "scalelite", url: "https://lb", teller: "bbb" } });
  bench.file("bbb-02.occupancy", { ...nothing, empty: false, obstacle: "2 meetings with 14 people" });
  const { status, stderr } = await bench.run("leave", "bbb-02", "--abandon", "--yes");
  expect(stderr).toContain("bbb-02 is not dead, it has 2 meetings with 14 people; leave without --abandon");
  expect(() => bench.read("done")).toThrow();
  expect(status).toBe(1);
});

test("a name that no node ever had is not said to be gone", async () => {
  const { status, stderr } = await bench.run("leave", "bbb-02", "bbb-07", "--abandon", "--yes");
  expect(stderr).toBe("there is no node bbb-07 in this stack; there are bbb-01, bbb-02\n");
  expect(() => bench.read("done")).toThrow();
  expect(status).toBe(1);
});

test("without a terminal nobody agrees", async () => {
  const { status, stdout } = await bench.run("leave", "bbb-02", "--abandon");
  expect(stdout).toContain("nothing was done; with --yes it is not asked");
  expect(() => bench.read("done")).toThrow();
  expect(status).toBe(3);
});

test("of a dead node Pulumi may delete everything, and of no other", async () => {
  bench.program("ssh", "exit 255");
  bench.file("gone.json", state("bbb-01"));
  bench.file("next.sh", "cp gone.json state.json");
  const { status, stdout } = await bench.run("leave", "bbb-02", "--abandon", "--yes");
  expect(stdout).toContain("bbb-02: gone");
  expect(bench.read("done").trim().split("\n")).toEqual(["nodeSettings.bbb-02.state abandoned", "up with true"]);
  const { resources } = JSON.parse(bench.read("imported")).deployment;
  expect(resources.map(({ protect }: { protect: boolean }) => protect)).toEqual([true, false]);
  expect(status).toBe(0);
});

test("a wrong number of minutes is refused", async () => {
  const { status, stderr } = await bench.run("leave", "bbb-02", "--drain-timeout", "0");
  expect(stderr).toContain('--drain-timeout must be a whole number from 1 on, got "0"');
  expect(status).toBe(2);
});
