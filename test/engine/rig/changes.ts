import { expect } from "vitest";

import { clusterWith, type Rig, startRig } from "../rig";
import { once } from "./once";
import type { Run } from "./pulumi";
import type { ConfigValues } from "./stack-config";

/** Something that an administrator does to a cluster, to be disturbed. */
export interface Change {
  title: string;
  /** The cluster that is there before; none if it is made now. */
  from?: ConfigValues;
  /** What is configured then. */
  config: ConfigValues;
  destroys?: true;
}

/** One of each kind. */
export const changes = {
  create: { title: "creating a cluster", config: { nodes: 1 } },
  grow: { title: "adding a node", from: { nodes: 1 }, config: { nodes: 2 } },
  set: {
    title: "changing settings",
    from: { nodes: 2 },
    config: {
      bbbWebProperties: { defaultWelcomeMessage: "Hello" },
      adminCidrs: ["203.0.113.7/32", "198.51.100.0/24"],
    },
  },
  double: { title: "one proxy becomes two", from: { nodes: 1 }, config: { nodes: 1, proxies: 2 } },
  shrink: { title: "removing nodes", from: { nodes: 3 }, config: { nodes: 1 } },
  destroy: { title: "destroying a cluster", from: { nodes: 2 }, config: {}, destroys: true },
} as const satisfies Record<string, Change>;

/** A cluster just before a change. */
export async function rigBefore({ from, config }: Change): Promise<Rig> {
  return startRig(from === undefined ? { config } : { from: await clusterWith(from), config });
}

/** Carries a change out, or what is left of it. */
export function carryOut({ pulumi }: Rig, { destroys }: Change): Promise<Run> {
  return destroys ? pulumi.destroy() : pulumi.up();
}

/** What a change does when nothing disturbs it. */
export interface Undisturbed {
  requests: number;
  calls: number;
  /** What is at Hetzner afterwards. */
  objects: string[];
  /** Names of the resources that it touches. */
  touched: string[];
}

/** Carries a change out on a rig of its own. */
export function undisturbed(change: Change): Promise<Undisturbed> {
  return once({ undisturbed: change }, async () => {
    const rig = await rigBefore(change);
    const run = await carryOut(rig, change);
    expect(run).toMatchObject({ status: 0 });
    return {
      requests: rig.cloud.requests.length,
      calls: rig.commands.calls.length,
      objects: rig.cloud.objects(),
      touched: run.happenings.map(({ name }) => name),
    };
  });
}
