import { z } from "zod";

import type { Cluster } from "../checks/cluster";
import type { FindOccupancy, Occupancy } from "../checks/occupancy";
import type { Vantage } from "../checks/vantage";
import { cordons, hostProgram, line, read } from "./host-answer";
import { askMembers, type Members, withMember } from "./members";
import type { Ssh, SshCall } from "./ssh";

const count = z.number().int().nonnegative();
const answer = z.object({
  empty: z.boolean(),
  obstacle: line,
  meetings: count.nullable(),
  people: count.nullable(),
  cordons,
  pending: z
    .object({
      since: line,
      what: z.array(line).max(1000),
    })
    .nullable(),
  // Host programs of an earlier version do not tell.
  recordings: z
    .object({ waiting: count, obstacle: line, findings: z.array(line).max(100) })
    .default({ waiting: 0, obstacle: "", findings: [] }),
});

/** Asks a node who is on it; rejects with a sentence when it does not answer, or not in the expected shape. */
export async function askOccupancy(ssh: Ssh, node: string, call: SshCall = {}): Promise<Occupancy> {
  return read(answer, await ssh(node, `${hostProgram} occupancy`, { input: "{}", ...call }));
}

/** Asks nodes by SSH, where SSH is open; null where it is not. The load balancer is asked once for all of them. */
export function occupancyBySsh(cluster: Cluster, ssh: Ssh | null, vantage: Vantage): FindOccupancy {
  let members: Promise<Members> | undefined;
  return async (name) => {
    const node = cluster.nodes.find((one) => one.name === name);
    if (ssh === null || node === undefined || !(await vantage.hasSsh(node))) return null;
    members ??= askMembers(cluster, ssh);
    const [occupancy, told] = await Promise.all([askOccupancy(ssh, name), members]);
    return withMember(occupancy, name, told);
  };
}

/** Reads who has closed a node, as `cordon` and `uncordon` answer it. */
export function readCordons(text: string): Occupancy["cordons"] {
  return read(z.object({ cordons }), text).cordons;
}
