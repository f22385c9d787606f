/** The part of a stack's file that is used; secrets in it are encrypted. */
export interface Checkpoint {
  checkpoint: {
    latest: { resources?: StateResource[]; pending_operations?: { type: string; resource: StateResource }[] } | null;
  };
}

/** A resource as the engine keeps it. */
export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  parent?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  protect?: boolean;
}

/** What the engine remembers of a stack. */
export class State {
  readonly resources: StateResource[];
  readonly pending: { type: string; resource: StateResource }[];

  constructor({ checkpoint: { latest } }: Checkpoint) {
    this.resources = latest?.resources ?? [];
    this.pending = latest?.pending_operations ?? [];
  }

  /** Logical names of resources of the program, without the stack and the providers, sorted. */
  names(): string[] {
    const isOwn = ({ type }: StateResource) =>
      !type.startsWith("pulumi:pulumi:") && !type.startsWith("pulumi:providers:");
    return this.resources.filter(isOwn).map(logicalName).sort();
  }

  of(name: string): StateResource {
    const found = this.resources.find((resource) => logicalName(resource) === name && resource.custom);
    if (found === undefined) throw new Error(`the state has no resource ${name}`);
    return found;
  }
}

/** The last part of a URN. */
export function logicalName({ urn }: { urn: string }): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
