import { z } from "zod";

import { type Cluster, machinesOf } from "../checks/cluster";
import type { Due, FindDue } from "../checks/due";
import type { Vantage } from "../checks/vantage";
import { hostProgram, line, read } from "./host-answer";
import type { Ssh } from "./ssh";

const names = z.array(line).max(1000);
const answer = z.object({
  held: names,
  waiting: names,
  old: names,
  reboot: names.nullable(),
  last: z.object({ at: line, failure: line.nullable() }).nullable(),
});

/** Changes nothing. */
const command = `${hostProgram} due </dev/null`;

/** Asks machines by SSH what security updates have left, where SSH is open; null where it is not. */
export function dueBySsh(cluster: Cluster, ssh: Ssh | null, vantage: Vantage): FindDue {
  const machines = machinesOf(cluster);
  return async (name) => {
    const machine = machines.find((one) => one.name === name);
    if (ssh === null || machine === undefined || !(await vantage.hasSsh(machine))) return null;
    return askDue(ssh, name);
  };
}

/** Asks one machine; rejects when it does not answer. */
export async function askDue(ssh: Ssh, machine: string): Promise<Due> {
  return readDue(await ssh(machine, command));
}

/** Reads what a machine answered to `bbb-cluster due`, trusting nothing in it; throws when it has another shape. */
export function readDue(text: string): Due {
  return read(answer, text);
}
