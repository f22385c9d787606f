import { json } from "node:stream/consumers";

import { readCluster } from "./cluster";
import { type ApiServer, collectStatus } from "./status";

/** What the status is collected from: the stack's outputs and the cloud's servers, null where they could not be had. */
export interface StatusRequest {
  outputs: unknown;
  servers: ApiServer[] | null;
}

/** Collects the status where it is started: a `StatusRequest` on stdin, the machines in JSON on stdout. */
async function main(): Promise<void> {
  const { outputs, servers } = (await json(process.stdin)) as StatusRequest;
  console.log(JSON.stringify(await collectStatus(outputs === null ? null : readCluster(outputs), servers)));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
