/**
 * What somebody wanted; what came of it, others' logs tell. Times are milliseconds since 1970: `at` before it was asked for,
 * `until` when there was an answer, or none was waited for any more.
 */
export type Asked =
  | { what: "join"; at: number; person: string; room: string }
  | { what: "fetch"; at: number; until?: number; person: string; path: string }
  | { what: "end"; at: number; room: string };

/** What a node's bbb-web tells; `gone`: the machine was deleted, and its log with it. */
export interface Told {
  at: number;
  /** The machine itself: another one may have the same name later. */
  machine: string;
  node: string;
  what: "started" | "created" | "joined" | "ended" | "gone";
  room: string;
  meeting: string;
  person: string;
  recorded: boolean;
  line: string;
}

/** A line of the proxy's log of requests. */
export interface Served {
  at: number;
  path: string;
  status: number;
  line: string;
}

/** What was done on purpose, and takes its toll: on a node, or on the proxy. */
export interface Fault {
  where: string;
  from: number;
  to: number;
}

/** Something that the cloud has, or that Pulumi's state knows. */
export interface CloudObject {
  kind: string;
  id: string;
  name: string;
}

/** All that is judged. */
export interface Evidence {
  asked: readonly Asked[];
  told: readonly Told[];
  served: readonly Served[];
  faults: readonly Fault[];
  /** What the balancer has: nodes, meetings that it believes to run, recordings. */
  balancer: {
    nodes: readonly { node: string; enabled: boolean }[];
    meetings: readonly { room: string; node: string }[];
    recordings: readonly string[];
  };
  /** What its journal says, without polls that went well. */
  journal: readonly string[];
  /** Recordings on the disks of nodes that there are, whatever became of them. */
  onNodes: readonly string[];
  /** Nodes by the stack's outputs. */
  nodes: readonly string[];
  cloud: readonly CloudObject[];
  state: readonly CloudObject[];
  /** When all that was asked for was over. */
  until: number;
}

/** The laws. */
export const laws = [
  "meetings ended by us",
  "rooms split",
  "recordings lost",
  "failed joins",
  "failed asset requests",
  "nodes that the balancer has otherwise",
  "orphans in the cloud",
] as const;
export type Law = (typeof laws)[number];

/** A law that was broken, with the lines of logs that prove it; `excused`: by what was done on purpose. */
export interface Finding {
  law: Law;
  what: string;
  proof: readonly string[];
  excused?: boolean;
}
