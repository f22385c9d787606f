import type { Hcloud } from "../hcloud";
import { importStack, refreshTargets } from "../pulumi";
import { type Diagnosis, wasConfigured } from "./diagnosis";
import type { HostRecord } from "./host-record";
import type { CloudObject } from "./objects";
import { edited, type Resource, type StackState } from "./state";

/** How servers, addresses and volumes are confirmed, and who asks a server what it is. */
export interface Caution {
  /** Whether somebody has typed the name of what is to be deleted. */
  typed(object: CloudObject): Promise<boolean>;
  hostRecord: HostRecord;
}

/** Mends the state: the killed run's steps, what is gone, and what is there. */
export async function mendState(
  state: StackState,
  { adopt, forget, pending }: Diagnosis,
  wanted: ReadonlyMap<string, Resource>,
): Promise<void> {
  if (adopt.length + forget.length + pending.length === 0) return;
  const resources = adopt.map(({ resource }) => resource);
  await importStack(edited(state, { forget: new Set(forget), adopt: resources, wanted }));
  if (resources.length > 0) await refreshTargets(resources.map(({ urn }) => urn));
}

/** Deletes what is not wanted, and powers on what is. */
export async function mendCloud(api: Hcloud, { remove, start }: Diagnosis): Promise<void> {
  for (const { path } of remove) {
    if (path !== undefined) await api.delete(path);
  }
  for (const { id } of start) await api.start(id);
}

/** Why objects must not be deleted that nobody wants, a line each; none if they may. */
export async function objections(
  remove: readonly CloudObject[],
  state: StackState,
  caution: Caution,
): Promise<string[]> {
  const lines: string[] = [];
  for (const object of remove) {
    const reason = await reasonToKeep(object, state, caution);
    if (reason !== undefined) lines.push(`${object.title} must not be deleted: ${reason}`);
  }
  return lines;
}

/** Why an object must not be deleted; undefined if it may. */
async function reasonToKeep(object: CloudObject, state: StackState, caution: Caution): Promise<string | undefined> {
  const isServer = object.status !== undefined;
  if (isServer && wasConfigured(object, state)) return configured;
  if (!isServer && !/^(address|volume) /.test(object.title)) return undefined;
  if (!(await caution.typed(object))) return `its name was not typed (--delete ${object.name})`;
  return isServer && (await caution.hostRecord(object.ipv4)) === "configured" ? configured : undefined;
}

const configured = "it was configured, somebody may work with it; have the plan want it, or delete it at Hetzner";
