import { inject, onTestFinished } from "vitest";

import { once } from "./rig/once";
import { openRig, type Rig, type RigOptions, type Snapshot } from "./rig/open";
import type { ConfigValues } from "./rig/stack-config";

export type { Rig } from "./rig/open";

/** A rig for one test; nothing of it is left when the test is over. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const { remove, ...rig } = await openRig(inject("workshop"), options);
  onTestFinished(remove);
  return rig;
}

/** A cluster that is up, for rigs to go on from. */
export function clusterWith(config: ConfigValues): Promise<Snapshot> {
  return once({ clusterWith: config }, () => bringUp(config));
}

async function bringUp(config: ConfigValues): Promise<Snapshot> {
  const { folder, endpoint, close, pulumi } = await openRig(inject("workshop"), { config });
  const { status, output } = await pulumi.up();
  await close();
  if (status !== 0) throw new Error(`the cluster did not come up:\n${output}`);
  return { folder, endpoint };
}
