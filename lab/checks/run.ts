import { json } from "node:stream/consumers";

import { runChecks } from "./check";
import { readCluster } from "./cluster";
import { userChecks } from "./plan";

/** Runs the users' checks where it is started: the stack's outputs on stdin, one result per line in JSON on stdout. */
async function main(): Promise<void> {
  const cluster = readCluster(await json(process.stdin));
  await runChecks(userChecks(cluster), (result) => console.log(JSON.stringify(result)));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
