import { createInterface } from "node:readline";

import { type CheckResult, runChecks } from "../../checks/check";
import { readCluster } from "../../checks/cluster";
import { nodeChecks, type Releases } from "../../checks/plan";

/** What is checked: the stack's outputs, and the nodes' releases by name. */
export interface MutationRequest {
  outputs: unknown;
  releases: Releases;
}

/** Runs the checks of a node each time its name comes on stdin, after a first line with a `MutationRequest`; answers with a line of JSON. */
async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const { outputs, releases } = JSON.parse((await lines.next()).value) as MutationRequest;
  const cluster = readCluster(outputs);
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const node = cluster.nodes.find(({ name }) => name === line.value);
    const failed: CheckResult[] = [];
    const note = (result: CheckResult) => void (result.verdict === "failed" && failed.push(result));
    if (node) await runChecks(nodeChecks(cluster, node, releases[node.name]), note, 64);
    console.log(JSON.stringify(failed));
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
