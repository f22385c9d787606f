import { z } from "zod";

import { type Backup, describeBackup, type FindBackup, isBackedUp } from "../checks/backup";
import { type Check, seen, unless } from "../checks/check";
import type { Cluster, ClusterMachine } from "../checks/cluster";
import type { Vantage } from "../checks/vantage";
import { hostProgram, line, read } from "./host-answer";
import type { Ssh } from "./ssh";

const noted = z.object({
  repository: line.nullable(),
  at: line.nullable(),
  failure: line.nullable(),
  tried: line.nullable(),
});
const snapshot = z.object({ id: line, time: line, bytes: z.number().nullable() });
const listed = noted.extend({
  snapshots: z.array(snapshot),
  here: z.object({ meetings: z.number(), recordings: z.number() }),
});

/** The backups that there are, and what the load balancer has now. */
export type Backups = z.output<typeof listed>;

/** Asks a load balancer's machine what it has noted. */
export async function askBackup(ssh: Ssh, machine: string): Promise<Backup> {
  return read(noted, await ssh(machine, `${hostProgram} backups`, { input: "{}" }));
}

/** Asks it what the repository has, which may be far away. */
export async function askBackups(ssh: Ssh, machine: string): Promise<Backups> {
  return read(listed, await ssh(machine, `${hostProgram} backups`, { input: '{"list": true}', seconds: 600 }));
}

/** Asks load balancers by SSH, where that is open; null where it is not, and for other machines. */
export function backupBySsh({ balancers }: Cluster, ssh: Ssh | null, vantage: Vantage): FindBackup {
  return async (name) => {
    const machine = balancers.find((one) => one.name === name);
    if (ssh === null || machine === undefined || !(await vantage.hasSsh(machine))) return null;
    return askBackup(ssh, name);
  };
}

/** Every load balancer of the cluster's own could be restored. */
export function backupChecks({ balancers }: Cluster, vantage: Vantage, ssh: Ssh | null): Check[] {
  return balancers.map((machine) =>
    unless(ssh === null && "the stack does not know its output ssh", backupCheck(machine, vantage, ssh as Ssh)),
  );
}

function backupCheck(machine: ClusterMachine, vantage: Vantage, ssh: Ssh): Check {
  return {
    name: `${machine.name}: backup`,
    expected: "made last night, where `backup` is set",
    async run() {
      await vantage.needSsh(machine);
      const backup = await askBackup(ssh, machine.name);
      return seen(backup.repository === null || isBackedUp(backup), describeBackup(backup));
    },
  };
}
