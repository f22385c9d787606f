/** The part of an engine event that is used. */
export interface EngineEvent {
  resOutputsEvent?: { metadata: StepMetadata };
  resOpFailedEvent?: { metadata: StepMetadata };
}

interface StepMetadata {
  op: string;
  urn: string;
  type: string;
}

/** One thing that the engine did, or tried, to a resource. */
export interface Happening {
  /** create, update, delete, create-replacement, delete-replaced, … */
  operation: string;
  name: string;
  type: string;
  ok: boolean;
}

const silent = ["same", "read", "refresh"];

/** What was done to resources, in the order in which it was finished. */
export function happenings(events: EngineEvent[]): Happening[] {
  return events.flatMap((event) => {
    const metadata = event.resOutputsEvent?.metadata ?? event.resOpFailedEvent?.metadata;
    if (metadata === undefined || silent.includes(metadata.op)) return [];
    const { op, urn, type } = metadata;
    return [
      { operation: op, name: urn.slice(urn.lastIndexOf("::") + 2), type, ok: event.resOutputsEvent !== undefined },
    ];
  });
}
