import type { Cloud } from "../cloud";
import { notFound } from "../errors";
import type { Zone } from "../model";

/** The zone with an id or name; throws not_found. */
export function findZone({ store }: Cloud, idOrName: string): Readonly<Zone> {
  const zone = store.zones.all().find((each) => each.name === idOrName || String(each.id) === idOrName);
  if (!zone) throw notFound("zone", idOrName);
  return zone;
}

/** Starts an action on a zone that succeeds once the names are published. */
export function act(cloud: Cloud, zone: Readonly<Zone>, command: string) {
  const resources = [{ id: zone.id, type: "zone" }];
  return cloud.actions.one({ command, resources, work: () => cloud.names.publish() });
}
