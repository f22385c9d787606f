import { defineCommand } from "citty";

import { machinesOf, readCluster } from "../checks/cluster";
import { type Inspection, inspect } from "./drift/inspect";
import { expectedRequests } from "./drift/state";
import { exportStack, readStackOutputs, setConfig } from "./pulumi";
import { sshArgs, withSsh } from "./ssh";
import { painter, withProgress } from "./terminal";

/** `drift`: what differs on the machines from what Pulumi made of them; noted in the configuration, so that `pulumi up` repairs it. */
export const command = defineCommand({
  meta: {
    name: "drift --",
    description:
      "find what differs on the machines from their configuration\n\n" +
      "A file may have been edited by hand or replaced by an upgrade, or a change was interrupted: Pulumi cannot see\n" +
      "that. What is found is noted as the machine's key `repair`, so that `pulumi preview` shows the repair and\n" +
      "`pulumi up` carries it out.\n\n" +
      "Exit status: 0 nothing differs, 3 something does and was noted, 1 a machine could not be asked.",
  },
  args: {
    ...sshArgs,
    json: { type: "boolean", description: "print the findings as JSON" },
  },
  run: ({ args }) => drift(args["ssh-config"], args.json ?? false),
});

async function drift(sshConfig: string | undefined, json: boolean): Promise<number> {
  const [outputs, state] = await Promise.all([readStackOutputs(), exportStack()]);
  const cluster = readCluster(outputs);
  const expected = expectedRequests(state);
  const names = machinesOf(cluster).map(({ name }) => name);
  const inspections = await withSsh(cluster, sshConfig, (ssh) => {
    const asked = names.map((name) => inspect(name, ssh, expected.get(name) ?? new Map()));
    return withProgress(`asking ${names.length} machines`, Promise.all(asked));
  });
  const drifted = inspections.filter(({ findings }) => findings.length > 0);
  for (const { name, digest } of drifted) {
    // The time makes it another value when the same thing happens again.
    await setConfig(`repair.${name}`, `${digest.slice(0, 8)} ${new Date().toISOString()}`);
  }
  process.stdout.write(json ? `${JSON.stringify(inspections, null, 2)}\n` : renderInspections(inspections));
  if (inspections.some(({ error }) => error !== undefined)) return 1;
  return drifted.length > 0 ? 3 : 0;
}

/** What was found, machine by machine. */
export function renderInspections(inspections: readonly Inspection[]): string {
  const paint = painter(process.stdout);
  const lines = inspections.flatMap(({ name, error, findings, notChecked }) => [
    error !== undefined
      ? `${name}: ${paint("red", "cannot be asked")}: ${error}`
      : `${name}: ${findings.length === 0 ? paint("green", "as configured") : paint("yellow", "differs")}`,
    ...findings.map((finding) => `  ${finding}`),
    ...notChecked.map((reason) => `  not checked: ${reason}`),
  ]);
  const noted = inspections.some(({ findings }) => findings.length > 0)
    ? ["noted in the stack's configuration: `pulumi preview` shows the repair, `pulumi up` carries it out"]
    : [];
  return `${[...lines, ...noted].join("\n")}\n`;
}
