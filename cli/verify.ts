import { defineCommand } from "citty";

import type { CheckResult } from "../checks/check";
import { passed, renderResult, renderSummary } from "../checks/report";
import { configValue, readStackOutputs } from "./pulumi";
import { sshArgs } from "./ssh";
import { painter } from "./terminal";
import { verify } from "./verification";

/** Options of every verification. */
export const verifyArgs = {
  json: { type: "boolean", description: "print the results as JSON" },
  meetings: {
    type: "boolean",
    default: true,
    description: "hold one small meeting on each node, not recorded and ended at once",
    negativeDescription: "leave out everything that creates a meeting",
  },
} as const;

/** `verify`: one line for each thing that a user of the cluster would notice. */
export const command = defineCommand({
  meta: {
    name: "verify --",
    description:
      "check what a user of the cluster would notice\n\n" +
      "It is seen from this machine: what cannot be known from here is not checked, and says why.\n\n" +
      "Exit status: 0, or 1 if a check failed.",
  },
  args: { ...sshArgs, ...verifyArgs },
  async run({ args }) {
    const outputs = await readStackOutputs();
    const report = new Report(args.json ?? false);
    const { meetings } = args;
    const loadBalancerSecret = await configValue("bbb-cluster:loadBalancerSecret");
    const verification = { outputs, sshConfig: args["ssh-config"], meetings, loadBalancerSecret };
    await verify(verification, (result) => report.add(result));
    return report.end();
  },
});

/** Prints results as they come, and at the end the summary or all of them in JSON. */
export class Report {
  private readonly results: CheckResult[] = [];
  private readonly started = performance.now();

  constructor(private readonly json: boolean) {}

  add(result: CheckResult): void {
    this.results.push(result);
    if (!this.json) process.stdout.write(`${colour(result)}\n`);
  }

  /** Returns the exit status. */
  end(): number {
    const summary = renderSummary(this.results, performance.now() - this.started);
    process.stdout.write(`${this.json ? JSON.stringify(this.results, null, 2) : summary}\n`);
    return passed(this.results) ? 0 : 1;
  }
}

function colour(result: CheckResult): string {
  const paint = painter(process.stdout);
  return paint(({ ok: "green", failed: "red", "not checked": "dim" } as const)[result.verdict], renderResult(result));
}
