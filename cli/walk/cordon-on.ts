import type { Cluster } from "../../checks/cluster";
import type { Cordon, Holder, Occupancy } from "../../checks/occupancy";
import { askOccupancy, hostProgram, readCordons } from "../occupancy";
import type { Ssh } from "../ssh";

/** A cluster and the way to its machines. */
export interface Reach {
  cluster: Cluster;
  ssh: Ssh;
}

/** Whose word closes a node here: the configuration's comes with `pulumi up`. */
export type Hand = Exclude<Holder, "configuration">;

// Whoever waits for it sits at a terminal.
const soon = { options: ["ConnectTimeout=5"], seconds: 30 };

/**
 * Closes a node to new meetings; resolves to everybody who has closed it. Running meetings and joins go on. A node whose
 * new meetings are given out elsewhere is closed there, so that this and `uncordonOn` alone know where cordons are kept.
 */
export async function cordonOn({ ssh }: Reach, node: string, by: Hand, reason: string): Promise<Occupancy["cordons"]> {
  return readCordons(await ssh(node, `${hostProgram} cordon`, { ...soon, input: JSON.stringify({ by, reason }) }));
}

/** Takes one's own cordon away; resolves to the others that remain. */
export async function uncordonOn({ ssh }: Reach, node: string, by: Hand): Promise<Occupancy["cordons"]> {
  return readCordons(await ssh(node, `${hostProgram} uncordon`, { ...soon, input: JSON.stringify({ by }) }));
}

/** Who is on a node, and who has closed it. */
export function occupancyOn({ ssh }: Reach, node: string): Promise<Occupancy> {
  return askOccupancy(ssh, node, soon);
}

/** The cordons that there are, as pairs. */
export function cordonsIn(cordons: Occupancy["cordons"]): [Holder, Cordon][] {
  return Object.entries(cordons) as [Holder, Cordon][];
}

/** Whether a node takes new meetings. */
export function isOpen({ cordons }: Pick<Occupancy, "cordons">): boolean {
  return cordonsIn(cordons).length === 0;
}
