/**
 * Who has closed a node to new meetings: the configuration, an administrator, a rollout that works on it, the node
 * itself because its disk is low, or somebody at the load balancer.
 */
export const holders = ["configuration", "hand", "rollout", "disk", "balancer"] as const;

/** One of those who can close a node. */
export type Holder = (typeof holders)[number];

/** Since when a holder has closed a node (ISO time), and why. */
export interface Cordon {
  since: string;
  reason: string;
}

/** What a node says of the people on it, and of what waits for them to leave; all of its text is safe to show. */
export interface Occupancy {
  /** Nothing on it would be ended by a restart. */
  empty: boolean;
  /** Why it is not empty: `2 meetings with 14 people`. */
  obstacle: string;
  /** Null: BigBlueButton does not tell. */
  meetings: number | null;
  people: number | null;
  /** It is open to new meetings when nobody has closed it. */
  cordons: Partial<Record<Holder, Cordon>>;
  /** A change that was delivered and waits for the node to be empty; null: there is none. */
  pending: { since: string; what: string[] } | null;
  recordings: Recordings;
}

/** What a node says of its recordings. */
export interface Recordings {
  /** How many are in work, or on their way to the load balancer. */
  waiting: number;
  /** What of them would be lost with the node, and keeps it from being removed; empty: nothing, or it may be lost. */
  obstacle: string;
  /** What somebody has to see to, and why they are not there yet. */
  findings: string[];
}

/** How the occupancy of a node is found out; null: it cannot be. */
export type FindOccupancy = (node: string) => Promise<Occupancy | null>;

/** Those who have closed a node, in a few words: `hand, rollout`; `none` when it is open. */
export function summarizeCordons({ cordons }: Pick<Occupancy, "cordons">): string {
  return holders.filter((holder) => cordons[holder] !== undefined).join(", ") || "none";
}

/** What waits, in a few words: `2 changes, 1 recording`. */
export function summarizePending({ pending, recordings }: Pick<Occupancy, "pending" | "recordings">): string {
  const counts: [number, string][] = [
    [pending?.what.length ?? 0, "change"],
    [recordings.waiting, "recording"],
  ];
  const some = counts.filter(([count]) => count > 0);
  return some.map(([count, what]) => `${count} ${what}${count === 1 ? "" : "s"}`).join(", ") || "nothing";
}

/** Cordons and what waits with all details, a line for each. */
export function describeOccupancy(occupancy: Pick<Occupancy, "cordons" | "pending" | "recordings">): string[] {
  const { cordons, pending, recordings } = occupancy;
  const closed = holders.flatMap((holder) => {
    const cordon = cordons[holder];
    return cordon === undefined ? [] : [describeCordon(holder, cordon)];
  });
  return [
    ...closed,
    ...(pending === null ? [] : [`waits since ${pending.since} until it is empty: ${pending.what.join(", ")}`]),
    ...recordings.findings.map((finding) => `recordings: ${finding}`),
  ];
}

/** Who has closed a node, since when and why, in a line. */
export function describeCordon(holder: Holder, { since, reason }: Cordon): string {
  const who = {
    ...{ configuration: "the configuration", hand: "hand", rollout: "a rollout", disk: "itself" },
    balancer: "somebody at the load balancer",
  }[holder];
  return `closed to new meetings by ${who} since ${since}${reason === "" ? "" : `: ${reason}`}`;
}
