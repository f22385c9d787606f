import { join } from "node:path";

import { readCluster } from "../../checks/cluster";
import type { ApiServer, MachineStatus } from "../../checks/status";
import type { StatusRequest } from "../../checks/status-run";
import { renderMachines } from "../../checks/status-table";
import type { Lab } from "../paths";
import { wantsJson } from "./arguments";
import { callApi } from "./call-api";
import type { Command } from "./command";
import { installedReleases } from "./disks";
import { runInside, script } from "./inside";
import { readOutputs } from "./outputs";

const userScript = join(__dirname, "..", "..", "checks", "status-run.ts");

/** What is known of every machine of the lab, from the cloud, the stack and the machines themselves; throws when the lab is down. */
export async function readStatus(lab: Lab): Promise<MachineStatus[]> {
  const [servers, outputs] = await Promise.all([listServers(lab).catch(() => null), usableOutputs(lab)]);
  const input = JSON.stringify({ outputs, servers } satisfies StatusRequest);
  const machines = JSON.parse(await runInside(lab, "user", script(userScript), { input })) as MachineStatus[];
  const releases = installedReleases(lab);
  return machines.map((machine) => ({ ...machine, release: releases.get(machine.name) ?? machine.release }));
}

/** The status as a table for people: machines, addresses, doors, meetings, certificates, URLs. */
export async function renderStatus(lab: Lab): Promise<string> {
  const machines = await readStatus(lab);
  return machines.length > 0
    ? renderMachines(machines)
    : `the lab "${lab.name}" has no machines; run: npm run lab -- up`;
}

/** `status`: the table, or the same as JSON. */
export const command: Command = {
  name: "status",
  summary: "machines, addresses, doors, meetings, certificates",
  usage: "status [--json]",
  async run(args, lab) {
    const json = wantsJson("status", args);
    const text = json ? JSON.stringify(await readStatus(lab), null, 2) : await renderStatus(lab);
    process.stdout.write(`${text}\n`);
    return 0;
  },
};

async function listServers(lab: Lab): Promise<ApiServer[]> {
  const pages = await Promise.all([1, 2].map((page) => callApi(lab, `/v1/servers?per_page=50&page=${page}`)));
  return pages.flatMap((page) => (page as { servers: ApiServer[] }).servers);
}

// A stack that is only half up has not all outputs: then the cloud's word has to do.
async function usableOutputs(lab: Lab): Promise<unknown> {
  try {
    const outputs = await readOutputs(lab);
    readCluster(outputs);
    return outputs;
  } catch {
    return null;
  }
}
