import { join } from "node:path";

import { type CheckResult, runChecks } from "../../checks/check";
import { readCluster } from "../../checks/cluster";
import { inForceChecks } from "../../checks/drift";
import { type Execute, hostKeyChecks } from "../../checks/host-keys";
import { renderResult, renderSummary } from "../../checks/report";
import type { RunRequest } from "../../checks/run";
import { isReady } from "../fabric/instance";
import type { Lab } from "../paths";
import { wantsJson } from "./arguments";
import type { Command } from "./command";
import { installedReleases } from "./disks";
import { runInside, script } from "./inside";
import { readOutputs } from "./outputs";

const userScript = join(__dirname, "..", "..", "checks", "run.ts");

/** Checks the cluster as its users and its operator see it; hands over each result as soon as those before it are known. */
export async function verify(lab: Lab, emit: (result: CheckResult) => void): Promise<CheckResult[]> {
  if (!isReady(lab)) throw new Error(`the lab "${lab.name}" is down; start it with: npm run lab -- up`);
  const outputs = await readOutputs(lab);
  const cluster = readCluster(outputs);
  const execute: Execute = (command, args) => runInside(lab, "operator", [command, ...args]);
  const asked = [...hostKeyChecks(cluster, execute), ...inForceChecks(cluster, lab.ssh.config, execute)];
  const results: CheckResult[] = [];
  const take = (result: CheckResult) => {
    results.push(result);
    emit(result);
  };
  const onLine = (line: string) => take(JSON.parse(line));
  const input = JSON.stringify({ outputs, releases: Object.fromEntries(installedReleases(lab)) } satisfies RunRequest);
  const users = runInside(lab, "user", script(userScript), { input, onLine });
  const operators: CheckResult[] = [];
  await Promise.all([users, runChecks(asked, (result) => operators.push(result))]);
  operators.forEach(take);
  return results;
}

/** `verify`: one line for each check, or all of them as JSON; exit status 1 if any failed. */
export const command: Command = {
  name: "verify",
  summary: "check what a user would see",
  usage: "verify [--json]",
  async run(args, lab) {
    const json = wantsJson("verify", args);
    const started = performance.now();
    const print = (line: string) => process.stdout.write(`${line}\n`);
    const results = await verify(lab, (result) => json || print(renderResult(result)));
    if (json) print(JSON.stringify(results, null, 2));
    else print(renderSummary(results, performance.now() - started));
    return results.every((result) => result.ok) ? 0 : 1;
  },
};
