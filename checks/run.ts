import { json } from "node:stream/consumers";

import { runChecks } from "./check";
import { readCluster } from "./cluster";
import { type Releases, userChecks } from "./plan";

/** What is checked: the stack's outputs, and the nodes' releases by name. */
export interface RunRequest {
  outputs: unknown;
  releases: Releases;
}

/** Runs the users' checks where it is started: a `RunRequest` on stdin, one result per line in JSON on stdout. */
async function main(): Promise<void> {
  const { outputs, releases } = (await json(process.stdin)) as RunRequest;
  await runChecks(userChecks(readCluster(outputs), releases), (result) => console.log(JSON.stringify(result)));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
