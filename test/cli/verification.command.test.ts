import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { CheckResult, Verdict } from "../../checks/check";
import { mergeResults, verify } from "../../cli/verification";
import { withServer } from "../checks/support";
import { outputs } from "./support";

const result = (name: string, verdict: Verdict, seen = ""): CheckResult => ({ name, verdict, expected: "", seen });

test("what one place could check does not remain unchecked, in the order of the first", () => {
  const user = [
    result("a", "ok"),
    result("key", "not checked", "closed"),
    result("b", "failed"),
    result("c", "not checked"),
  ];
  const operator = [result("key", "failed", "another key"), result("b", "ok"), result("c", "not checked")];
  expect(mergeResults(user, operator)).toEqual([user[0], operator[0], user[2], user[3]]);
});

test("where the stack does not know its ssh output nothing is asked by SSH, and the reason is said", async () => {
  const results: CheckResult[] = [];
  const half = { ...outputs(), ssh: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
  await verify({ outputs: half, meetings: false, onlySsh: true }, (each) => results.push(each));
  expect(results.map(({ name, verdict }) => `${name}: ${verdict}`)).toEqual([
    "bbb: SSH host key: not checked",
    "bbb-01: SSH host key: not checked",
    "bbb-02: SSH host key: not checked",
    "bbb: the certificate that is served: not checked",
    "bbb-01: the certificate that is served: not checked",
    "bbb-02: the certificate that is served: not checked",
    "bbb: settings: not checked",
    "bbb-01: settings: not checked",
    "bbb-02: settings: not checked",
  ]);
});

test("on Ctrl-C the meetings that were made are ended before it ends", async () => {
  const calls: string[] = [];
  let created = () => {};
  const first = new Promise<void>((resolve) => {
    created = resolve;
  });
  const ended = await withServer(
    ({ url = "" }, response) => {
      const call = /\/api\/(create|end|join)/.exec(url)?.[1];
      if (call) calls.push(`${call} ${/verify-\w+/.exec(url)?.[0]}`);
      if (call === "join") return created();
      response.end("<response><returncode>SUCCESS</returncode></response>");
    },
    async (origin) => {
      const { nodes, ...others } = outputs() as { nodes: object[] };
      const [node] = nodes.map((each) => ({ ...each, api: `${origin}/bigbluebutton/api` }));
      const loadBalancerServers = { servers: { "bbb-01.cluster.test": { secret: "s" } } };
      const verification = {
        outputs: { ...others, url: origin, nodes: [node], loadBalancerServers },
        meetings: true,
      };
      const script = join(__dirname, "..", "..", "cli", "verify-run.ts");
      const child = spawn(process.execPath, ["--require", require.resolve("tsx/cjs"), script]);
      child.stdin.end(JSON.stringify(verification));
      await first;
      child.kill("SIGINT");
      return (await once(child, "close"))[0];
    },
  );
  expect(ended).toBe(130);
  const id = calls[0]?.split(" ")[1];
  expect(calls).toEqual([`create ${id}`, `join ${id}`, `end ${id}`]);
});
