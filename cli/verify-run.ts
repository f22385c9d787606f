import { json } from "node:stream/consumers";

import { type Verification, verify } from "./verification";

/** Verifies from where it is started: a `Verification` on stdin, one result per line in JSON on stdout. */
async function main(): Promise<void> {
  const verification = (await json(process.stdin)) as Verification;
  await verify(verification, (result) => console.log(JSON.stringify(result)));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
