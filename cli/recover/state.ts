import { z } from "zod";

const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().optional(),
  id: z.string().optional(),
  parent: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullish()).nullish(),
  deletedWith: z.string().optional(),
});

/** A resource as the engine keeps it; what is not named here stays as it is. */
export type Resource = z.output<typeof resource>;

const pendingOperation = z.looseObject({ type: z.string(), resource });

const exported = z.looseObject({
  version: z.number(),
  deployment: z.looseObject({
    resources: z.array(resource).nullish(),
    pending_operations: z.array(pendingOperation).nullish(),
  }),
});

/** The part of `pulumi stack export` that is used. */
export interface StackState {
  /** The whole, to be written back. */
  exported: z.output<typeof exported>;
  resources: Resource[];
  /** What was going on when a run was killed. */
  pending: { type: string; resource: Resource }[];
}

/** Reads a `pulumi stack export`. */
export function readState(text: unknown): StackState {
  const read = exported.parse(text);
  const { resources, pending_operations: pending } = read.deployment;
  return { exported: read, resources: resources ?? [], pending: pending ?? [] };
}

const steps = z.looseObject({
  steps: z.array(z.looseObject({ op: z.string(), urn: z.string(), newState: resource.optional() })).optional(),
});

/** What there is to be according to a `pulumi preview --json --show-sames`, by URN. */
export function readWanted(text: unknown): Map<string, Resource> {
  const kept = (steps.parse(text).steps ?? []).filter(({ op }) => !/^(delete|discard|remove)/.test(op));
  return new Map(kept.flatMap(({ urn, newState }) => (newState === undefined ? [] : [[urn, newState] as const])));
}

/** What is to become of a state. */
export interface Edit {
  /** No longer there. */
  forget: ReadonlySet<Resource>;
  /** There, with their ids, but unknown to it. */
  adopt: readonly Resource[];
  /** Where components are found that a resource stands in, by URN. */
  wanted: ReadonlyMap<string, Resource>;
}

/** The state with an edit made, without pending operations, and with nothing in it that leads nowhere. */
export function edited({ exported: whole, resources }: StackState, { forget, adopt, wanted }: Edit): object {
  const kept = resources.filter((each) => !forget.has(each));
  const known = new Set(kept.map(({ urn }) => urn));
  const add = (each: Resource): void => {
    if (known.has(each.urn)) return;
    const parent = each.parent === undefined ? undefined : wanted.get(each.parent);
    if (parent !== undefined && parent.custom !== true) add(parent);
    known.add(each.urn);
    kept.push(each);
  };
  for (const each of adopt) add(each);
  const deployment = { ...whole.deployment, resources: kept.map((each) => withoutLooseEnds(each, known)) };
  return { ...whole, deployment: { ...deployment, pending_operations: [] } };
}

/** The engine takes no state in which something depends on what is not there. */
function withoutLooseEnds(each: Resource, known: ReadonlySet<string>): Resource {
  const there = (urns: string[] | null | undefined) => (urns ?? []).filter((urn) => known.has(urn));
  const { deletedWith, ...rest } = each;
  return {
    ...rest,
    ...(deletedWith !== undefined && known.has(deletedWith) ? { deletedWith } : {}),
    dependencies: there(each.dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(each.propertyDependencies ?? {}).map(([key, urns]) => [key, there(urns)]),
    ),
  };
}

/** The last part of a URN. */
export function logicalName({ urn }: Pick<Resource, "urn">): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
