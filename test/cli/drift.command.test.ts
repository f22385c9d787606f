import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";

import { outputs, Workbench } from "./support";

let bench: Workbench;
const digest = createHash("sha256").update("n").digest("hex");
const done = { digest, state: "done" };
const answer = (changed: object = {}) => ({
  release: "3.0.30",
  findings: [],
  requests: { "configure-node": done, "configure-proxy": done },
  digest: "",
  ...changed,
});
const resource = (name: string, command: string) => ({
  type: "command:remote:Command",
  urn: `urn:pulumi:dev::bbb-cluster::command:remote:Command::${name}-configured`,
  inputs: { create: `python3 -B /opt/bbb-cluster/1/bbb_cluster ${command}`, stdin: "n" },
});

beforeEach(() => {
  bench = new Workbench();
  bench.file("outputs.json", outputs());
  bench.file("state.json", {
    deployment: {
      resources: [
        resource("bbb", "configure-proxy"),
        resource("bbb-01", "configure-node"),
        resource("bbb-02", "configure-node"),
      ],
    },
  });
  bench.program(
    "pulumi",
    'case "$1 $2" in "stack output") cat outputs.json;; "stack export") cat state.json;; *) echo "$@" >>config;; esac',
  );
  // The last but one argument is the machine.
  bench.program(
    "ssh",
    'while [ $# -gt 2 ]; do shift; done; cat "$1.out"; cat "$1.err" >&2 2>/dev/null; exit "$(cat "$1.status" 2>/dev/null || echo 0)"',
  );
  for (const name of ["bbb", "bbb-01", "bbb-02"]) {
    bench.file(`${name}.out`, answer());
    bench.file(`${name}.err`, "");
  }
});

afterEach(() => bench.remove());

test("machines that are as configured are told so, and nothing is noted", async () => {
  const { status, stdout } = await bench.run("drift");
  expect(stdout).toBe("bbb: as configured\nbbb-01: as configured\nbbb-02: as configured\n");
  expect(status).toBe(0);
  expect(() => bench.read("config")).toThrow();
});

test("what differs is shown and noted as that machine's repair, on the proxy as on a node", async () => {
  bench.file("bbb.out", answer({ findings: [{ path: "/etc/nginx/x", state: "changed" }], digest: "0a".repeat(32) }));
  bench.file("bbb-01.out", answer({ requests: { "configure-node": { digest: "0b".repeat(32), state: "done" } } }));
  const { status, stdout } = await bench.run("drift");
  expect(stdout).toContain("bbb: differs\n  /etc/nginx/x: changed\n");
  expect(stdout).toContain("bbb-01: differs\n  configure-node: its last request was not the one in the state");
  expect(stdout).toContain("bbb-02: as configured\n");
  const [first, second] = bench.read("config").trim().split("\n");
  expect(first).toMatch(/^config set --path repair\.bbb 0a0a0a0a \d{4}-\d\d-\d\dT\S+Z --non-interactive$/);
  expect(second).toMatch(/^config set --path repair\.bbb-01 [0-9a-f]{8} \S+Z --non-interactive$/);
  expect(status).toBe(3);
});

test("a broken or hostile answer hides no other, names no other machine and shows nothing but text", async () => {
  bench.file("bbb.out", "\u001b[2Jnot JSON");
  bench.file(
    "bbb-01.out",
    answer({ name: "bbb-02", findings: [{ path: "\u001b]0;x\u0007\u009b31m", state: "\r\u202e" }] }),
  );
  bench.file("bbb-02.status", "255");
  bench.file("bbb-02.err", "first line\nssh: \u001b[31mconnection refused\r\n");
  const { status, stdout, stderr } = await bench.run("drift");
  expect(stdout).toContain("bbb: cannot be asked: its answer is not JSON\n");
  expect(stdout).toContain("bbb-01: differs\n  ]0;x31m: \n");
  expect(stdout).toContain("bbb-02: cannot be asked: ssh: [31mconnection refused\n");
  expect(`${stdout}${stderr}`.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(bench.read("config")).toMatch(/^config set --path repair\.bbb-01 [^\n]*\n$/);
  expect(status).toBe(1);
});

test("an answer without end is cut off", async () => {
  bench.program("ssh", "exec yes");
  const { status, stdout } = await bench.run("drift");
  expect(stdout.match(/cannot be asked: ssh printed more than 1000000 bytes/g)).toHaveLength(3);
  expect(status).toBe(1);
});

test("in JSON the findings are there, with the names that the stack gives", async () => {
  bench.file("bbb-01.out", answer({ findings: [{ path: "\u009b", state: "missing" }], digest: "0a".repeat(32) }));
  const { stdout } = await bench.run("drift", "--json");
  expect(
    JSON.parse(stdout).map(({ name, findings }: { name: string; findings: string[] }) => [name, findings]),
  ).toEqual([
    ["bbb", []],
    ["bbb-01", [": missing"]],
    ["bbb-02", []],
  ]);
});

test.each([
  ["exec /does/not/exist", "pulumi stack .* failed"],
  ['echo "error: no stack selected; please use it" >&2; exit 255', "pulumi stack select STACK"],
  ["echo {}", "run: pulumi up"],
])("when pulumi answers with `%s` the remedy is named", async (script, remedy) => {
  bench.program("pulumi", script);
  const { status, stderr } = await bench.run("drift");
  expect(stderr).toMatch(new RegExp(remedy));
  expect(status).toBe(1);
});
