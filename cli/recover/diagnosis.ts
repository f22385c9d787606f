import { type CloudObject, identityOf, keyOf } from "./objects";
import { logicalName, type Resource, type StackState } from "./state";

/** What does not fit together, and what mends it. */
export interface Diagnosis {
  /** There and wanted, but unknown to Pulumi: taken into the state, with the id. */
  adopt: { resource: Resource; object: CloudObject }[];
  /** In the state, but gone. */
  forget: Resource[];
  /** There by a run that was killed, and not wanted: deleted. */
  remove: CloudObject[];
  /** Servers that were never configured, and are off. */
  start: CloudObject[];
  /** Steps that a killed run was at. */
  pending: { type: string; resource: Resource }[];
  /** There, but neither a killed run nor the plan names them: nothing is done to them. */
  strangers: CloudObject[];
}

/** What recover looks at. */
export interface Findings {
  state: StackState;
  wanted: ReadonlyMap<string, Resource>;
  objects: readonly CloudObject[];
  gone: readonly Resource[];
}

/** Decides what is to be done; touches nothing. */
export function diagnose({ state, wanted, objects, gone }: Findings): Diagnosis {
  const creating = state.pending.filter(({ type }) => type === "creating").map(({ resource }) => resource);
  const known = new Set(state.resources.map(identityOf));
  const unknown = objects.filter(({ identity }) => !known.has(identity));
  const wantedByKey = new Map([...wanted.values()].filter(isAtHetzner).map((each) => [keyOf(each), each]));
  const creatingByUrn = new Map(creating.map((each) => [each.urn, each]));
  const creatingByKey = new Map(creating.map((each) => [keyOf(each), each]));
  const adopt = unknown.flatMap((object) => {
    const resource = wantedByKey.get(object.key);
    // What a killed run knew is whole; a preview hides secrets.
    return resource === undefined ? [] : [{ resource: creatingByUrn.get(resource.urn) ?? resource, object }];
  });
  const others = unknown.filter(({ key, path }) => !wantedByKey.has(key) && path !== undefined);
  return {
    adopt: adopt.map(({ resource, object }) => ({ resource: identified(resource, object), object })),
    forget: [...gone],
    remove: others.filter(({ key }) => creatingByKey.has(key)),
    start: objects.filter((object) => object.status === "off" && isNew(object, state, wantedByKey)),
    pending: state.pending,
    strangers: others.filter(({ key }) => !creatingByKey.has(key)),
  };
}

/** Whether there is nothing to do. */
export function isWell({ adopt, forget, remove, start, pending }: Diagnosis): boolean {
  return [adopt, forget, remove, start, pending].every((found) => found.length === 0);
}

/** Whether the state holds nothing that could be compared with what is there. */
export function isEmpty({ resources, pending }: StackState): boolean {
  return ![...resources, ...pending.map(({ resource }) => resource)].some(isAtHetzner);
}

/** Whether all that Pulumi knows is gone, although nobody was deleting it: then this is hardly the cluster's project. */
export function isElsewhere({ state, gone, objects }: Pick<Findings, "state" | "gone" | "objects">): boolean {
  const known = state.resources.filter(isAtHetzner);
  const wasDeleting = state.pending.some(({ type }) => type === "deleting");
  return known.length > 0 && gone.length === known.length && objects.length === 0 && !wasDeleting;
}

/** Whether a resource is an object at Hetzner, and no component, provider or command. */
export function isAtHetzner({ type, custom }: Resource): boolean {
  return custom === true && type.startsWith("hcloud:");
}

/** Whether the state says that a server was configured: who has meetings there is not to lose them. */
export function wasConfigured({ id }: CloudObject, { resources }: StackState): boolean {
  const configured = resources.filter((each) => logicalName(each).endsWith("-configured"));
  return configured.some(({ inputs }) => [inputs?.["triggers"]].flat().map(String).includes(id));
}

function isNew(object: CloudObject, state: StackState, wanted: ReadonlyMap<string, Resource>): boolean {
  return wanted.has(object.key) && !wasConfigured(object, state);
}

function identified(resource: Resource, { id }: CloudObject): Resource {
  const { userData, ...inputs } = resource.inputs ?? {};
  // Of a preview: it does not tell it, and no change of it counts.
  const known = userData === undefined || userData === "[secret]" ? inputs : { ...inputs, userData };
  // What the API does not tell is as it was asked for; the rest the provider reads.
  return { ...resource, id, inputs: known, outputs: { ...(withoutDefaults(inputs) as object), id } };
}

/** Inputs as outputs have them, without the engine's notes on where a value came from. */
function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([name]) => name !== "__defaults");
  return Object.fromEntries(fields.map(([name, inner]) => [name, withoutDefaults(inner)]));
}
