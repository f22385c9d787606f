import { defineCommand } from "citty";

import type { CheckResult } from "../../checks/check";
import { passed, renderResult, renderSummary } from "../../checks/report";
import { withLock } from "../fabric/lock";
import type { Lab } from "../paths";
import { administer } from "../stack/administer";
import { bringUp } from "../stack/bring-up";
import { openLog } from "../stack/log";
import { labArgs, labOf } from "./command";
import { verifyLab } from "./verify";

/** The default command: up, verify, and a table of what there is; a new lab is all of it, its load balancer included. */
export const command = defineCommand({
  meta: { name: "lab", description: "up, verify, and a table of machines and addresses", hidden: true },
  args: labArgs,
  async run({ args }) {
    const lab = labOf(args);
    const started = performance.now();
    const log = openLog(lab);
    const status = await withLock(lab, "up", log.line, () => bringUp(lab, { firstLoadBalancer: "bbblb" }, log)).finally(
      log.clear,
    );
    const good = status === 0 && (await verified(lab));
    if (status === 0) await showStatus(lab);
    const end = `after ${Math.round((performance.now() - started) / 1000)} s`;
    const word = good ? "ready" : status === 0 ? "up, but not as it should be" : "not up";
    process.stderr.write(`${word} ${end}${log.file ? `; the lab's log: ${log.file}` : ""}\n`);
    return good ? 0 : status || 1;
  },
});

/** Verifies, showing what fails and one line for all that does not. */
async function verified(lab: Lab): Promise<boolean> {
  const started = performance.now();
  const results: CheckResult[] = [];
  await verifyLab(lab, { meetings: true }, (result) => {
    results.push(result);
    if (result.verdict === "failed") process.stdout.write(`${renderResult(result)}\n`);
  });
  process.stdout.write(`${renderSummary(results, performance.now() - started)}\n`);
  return passed(results);
}

async function showStatus(lab: Lab): Promise<void> {
  process.stdout.write("\n");
  await administer(lab, ["status"]);
  process.stdout.write("\n");
}
