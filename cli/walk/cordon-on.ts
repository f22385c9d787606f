import type { Cluster } from "../../checks/cluster";
import type { Cordon, Holder, Occupancy } from "../../checks/occupancy";
import { hostProgram } from "../host-answer";
import { askMembers, holdMember, releaseMember, withMember } from "../members";
import { askOccupancy, readCordons } from "../occupancy";
import type { Ssh } from "../ssh";

/** A cluster and the way to its machines. */
export interface Reach {
  cluster: Cluster;
  ssh: Ssh;
}

/** Whose word closes a node here: the configuration's comes with `pulumi up`, and others tell the load balancer itself. */
export type Hand = Exclude<Holder, "configuration" | "disk" | "balancer">;

type Cordons = Occupancy["cordons"];

// Whoever waits for it sits at a terminal; a balancer is given its time.
const soon = { options: ["ConnectTimeout=5"], seconds: 30 };
const balancing = { ...soon, seconds: 90 };

/**
 * Closes a node to new meetings; resolves to everybody who has closed it. Running meetings and joins go on. Where new
 * meetings are given out by a load balancer it is closed there first, so that nobody is sent to a node that refuses.
 */
export async function cordonOn({ cluster, ssh }: Reach, node: string, by: Hand, reason: string): Promise<Cordons> {
  const { teller } = cluster;
  const there = teller === null ? {} : await holdMember(ssh, teller, { node, by, reason }, balancing);
  const here = ssh(node, `${hostProgram} cordon`, { ...soon, input: JSON.stringify({ by, reason }) }).then(readCordons);
  return { ...there, ...(await ifNeeded(here, teller !== null && by === "hand")) };
}

/** Takes one's own cordon away; resolves to the others that remain. */
export async function uncordonOn({ cluster, ssh }: Reach, node: string, by: Hand): Promise<Cordons> {
  const { teller } = cluster;
  const here = ssh(node, `${hostProgram} uncordon`, { ...soon, input: JSON.stringify({ by }) }).then(readCordons);
  const cordons = await ifNeeded(here, teller !== null && by === "hand");
  return teller === null ? cordons : { ...(await releaseMember(ssh, teller, { node, by }, balancing)), ...cordons };
}

/** Who is on a node, and who has closed it. */
export async function occupancyOn({ cluster, ssh }: Reach, node: string): Promise<Occupancy> {
  const [occupancy, members] = await Promise.all([askOccupancy(ssh, node, soon), askMembers(cluster, ssh, balancing)]);
  return withMember(occupancy, node, members);
}

/** Who is on a node by its own word alone, which counts also while nobody tells what the load balancer holds. */
export function ownOccupancyOn({ ssh }: Reach, node: string): Promise<Occupancy> {
  return askOccupancy(ssh, node, soon);
}

/** A node that is dead can be closed and opened at the load balancer all the same. */
function ifNeeded(answer: Promise<Cordons>, isEnough: boolean): Promise<Cordons> {
  return isEnough ? answer.catch(() => ({})) : answer;
}

/** The cordons that there are, as pairs. */
export function cordonsIn(cordons: Occupancy["cordons"]): [Holder, Cordon][] {
  return Object.entries(cordons) as [Holder, Cordon][];
}

/** Whether a node takes new meetings. */
export function isOpen({ cordons }: Pick<Occupancy, "cordons">): boolean {
  return cordonsIn(cordons).length === 0;
}
