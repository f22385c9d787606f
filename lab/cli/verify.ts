import { join } from "node:path";
import { defineCommand } from "citty";

import type { CheckResult } from "../../checks/check";
import { mergeResults, type Verification } from "../../cli/verification";
import { Report, verifyArgs } from "../../cli/verify";
import { readSettings } from "../fabric/settings";
import type { Lab } from "../paths";
import { labArgs, runningLab } from "./command";
import { installedReleases } from "./disks";
import { type Place, runInside, script } from "./inside";
import { readOutputs } from "./outputs";

const verifyScript = join(__dirname, "..", "..", "cli", "verify-run.ts");

/** `verify`: one line for each check, or all of them as JSON; exit status 1 if any failed. */
export const command = defineCommand({
  meta: { name: "verify", description: "check what a user would notice" },
  args: { ...labArgs, ...verifyArgs },
  async run({ args }) {
    const report = new Report(args.json ?? false);
    await verifyLab(runningLab(args), { meetings: args.meetings }, (result) => report.add(result));
    return report.end();
  },
});

/** Checks the cluster as its users see it, and by SSH what only its operator can; hands over each result once it is known. */
export async function verifyLab(
  lab: Lab,
  { meetings }: { meetings: boolean },
  emit: (result: CheckResult) => void,
): Promise<void> {
  const outputs = await readOutputs(lab);
  const loadBalancerSecret = (await readSettings(lab))?.loadBalancerSecret;
  const releases = Object.fromEntries(installedReleases(lab));
  const left: CheckResult[] = [];
  const operators: CheckResult[] = [];
  await Promise.all([
    runAt(lab, "user", { outputs, releases, meetings, loadBalancerSecret }, (result) =>
      result.verdict === "not checked" ? left.push(result) : emit(result),
    ),
    runAt(lab, "operator", { outputs, sshConfig: lab.ssh.config, meetings: false, onlySsh: true }, (result) =>
      operators.push(result),
    ),
  ]);
  mergeResults(left, operators).forEach(emit);
}

async function runAt(lab: Lab, place: Place, verification: Verification, take: (result: CheckResult) => void) {
  const onLine = (line: string) => take(JSON.parse(line) as CheckResult);
  await runInside(lab, place, script(verifyScript), { input: JSON.stringify(verification), onLine });
}
