import type { Diagnosis } from "./diagnosis";
import { logicalName } from "./state";

/** What was found and what is to be done about it, a line each. */
export function renderDiagnosis({ adopt, forget, remove, start, pending, strangers }: Diagnosis): string[] {
  return [
    ...adopt.map(
      ({ resource, object }) => `take ${object.title} (${object.id}) in as ${logicalName(resource)}: it is there`,
    ),
    ...forget.map((resource) => `forget ${logicalName(resource)}: it is gone at Hetzner (${resource.id})`),
    ...remove.map(({ title, id }) => `delete ${title} (${id}): a killed run made it, and it is not wanted`),
    ...start.map(({ title }) => `power ${title} on: it was made, but is off`),
    ...pending.map(({ type, resource }) => `end the step that a killed run was at: ${type} ${logicalName(resource)}`),
    ...strangers.map(
      ({ title, id }) => `(${title}, ${id}, has this cluster's label, but nothing names it: left alone)`,
    ),
  ];
}
