import { parseArgs } from "node:util";

import { renderResult, renderSummary } from "../../checks/report";
import { withLock } from "../fabric/lock";
import type { Lab } from "../paths";
import { bringUp } from "../stack/bring-up";
import { type Command, UsageError } from "./command";
import { renderStatus } from "./status";
import { progress } from "./up";
import { verify } from "./verify";

/** The default command: up, verify, and a table of what there is. */
export const command: Command = {
  name: "lab",
  summary: "up, verify, and a table of machines and addresses",
  usage: "",
  async run(args, lab) {
    refuseArguments(args);
    const started = performance.now();
    const status = await withLock(lab, "up", progress, () => bringUp(lab, {}, progress));
    if (status !== 0) {
      return status;
    }
    const passed = await verified(lab);
    process.stdout.write(`\n${await renderStatus(lab)}\n\n`);
    progress(
      `${passed ? "ready" : "up, but not as it should be"} after ${Math.round((performance.now() - started) / 1000)} s`,
    );
    return passed ? 0 : 1;
  },
};

/** Verifies, showing what fails and one line for all that does not. */
async function verified(lab: Lab): Promise<boolean> {
  const started = performance.now();
  const results = await verify(lab, (result) => result.ok || process.stdout.write(`${renderResult(result)}\n`));
  process.stdout.write(`${renderSummary(results, performance.now() - started)}\n`);
  return results.every(({ ok }) => ok);
}

function refuseArguments(args: string[]): void {
  try {
    parseArgs({ args, options: {} });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
