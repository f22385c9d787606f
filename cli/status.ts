import { defineCommand } from "citty";

import { machinesOf, readCluster } from "../checks/cluster";
import { collectStatus, type MachineStatus } from "../checks/status";
import { renderMachines } from "../checks/status-table";
import { Vantage } from "../checks/vantage";
import { backupBySsh } from "./backups";
import { dueBySsh } from "./due";
import { occupancyBySsh } from "./occupancy";
import { readStackOutputs } from "./pulumi";
import { releaseBySsh } from "./releases";
import { sshArgs, withSsh } from "./ssh";
import { painter, withProgress } from "./terminal";

/** `status`: what the machines of the cluster are and do now. */
export const command = defineCommand({
  meta: {
    name: "status --",
    description:
      "show the machines: addresses, routes, certificates, releases, running meetings and users, who has closed a node\n" +
      "to new meetings, which changes wait until it is empty, what security updates have left to be done, and how old the last\n" +
      "backup of the cluster's own load balancer is\n\n" +
      "Exit status: 0, or 1 if something could not be asked.",
  },
  args: {
    ...sshArgs,
    json: { type: "boolean", description: "print the table as JSON" },
    names: { type: "boolean", description: "name the running meetings, too (only on a terminal)" },
  },
  run: ({ args }) => status(args["ssh-config"], { json: args.json ?? false, names: args.names ?? false }),
});

async function status(sshConfig: string | undefined, options: { json: boolean; names: boolean }): Promise<number> {
  const cluster = readCluster(await readStackOutputs());
  const vantage = new Vantage();
  const machines = await withSsh(cluster, sshConfig, (ssh) => {
    const occupancy = occupancyBySsh(cluster, ssh, vantage);
    const backup = backupBySsh(cluster, ssh, vantage);
    const asked = collectStatus(
      cluster,
      releaseBySsh(ssh, vantage),
      dueBySsh(cluster, ssh, vantage),
      occupancy,
      backup,
    );
    return withProgress(`asking ${machinesOf(cluster).length} machines`, asked);
  });
  const showNames = options.names && process.stdout.isTTY === true;
  if (options.names && !showNames) process.stderr.write("the names of meetings are shown on a terminal only\n");
  const text = options.json ? renderJson(machines, showNames) : renderText(machines, showNames);
  process.stdout.write(`${text}\n`);
  return machines.some((machine) => Object.values(machine).includes("unreachable")) ? 1 : 0;
}

function renderText(machines: MachineStatus[], showNames: boolean): string {
  const paint = painter(process.stdout);
  const table = renderMachines(machines).replaceAll("unreachable", (word) => paint("red", word));
  const named = showNames ? machines.flatMap(({ name, names }) => names.map((meeting) => `${name}: ${meeting}`)) : [];
  const due = machines.flatMap(({ name, occupancyDetails, dueDetails, backup }) =>
    [...occupancyDetails, ...dueDetails, ...(backup === null ? [] : [backup])].map((line) => `${name}: ${line}`),
  );
  return [table, ...[due, named].flatMap((lines) => (lines.length > 0 ? ["", ...lines] : []))].join("\n");
}

function renderJson(machines: MachineStatus[], showNames: boolean): string {
  return JSON.stringify(machines, (key, value) => (key === "names" && !showNames ? undefined : value), 2);
}
