import { byNameOrId, type Image, images, named } from "./catalogue";
import type { Cloud } from "./cloud";
import type { Server, Snapshot } from "./model";
import type { Store } from "./store";

/** Every image: those that there are from the beginning, and the snapshots that were made since. */
export function allImages({ snapshots }: Store): Image[] {
  return [...images, ...snapshots.all()];
}

/** The image with a name or number, if it is there and complete. */
export function imageNamed(store: Store, wanted: string | number): Image | undefined {
  const found = byNameOrId(allImages(store), wanted);
  return found?.status === "available" ? found : undefined;
}

/** The image that a server was made from; undefined when it has been deleted since. */
export function imageOf({ store }: Cloud, { image }: Readonly<Server>): Image | undefined {
  return byNameOrId(allImages(store), image);
}

/** Puts a snapshot of a server on file; its disk is still to be copied. */
export function addSnapshot(
  cloud: Cloud,
  server: Readonly<Server>,
  fields: Pick<Snapshot, "description" | "labels" | "created">,
): Readonly<Snapshot> {
  // What is known of a system whose image is gone is what all machines of the lab are.
  const { osFlavor, osVersion } = imageOf(cloud, server) ?? named(images, "debian-12");
  const { id, name, diskGb } = server;
  const system = { name: null, osFlavor, osVersion, diskGb, createdFrom: { id, name } };
  return cloud.store.snapshots.add(() => ({ ...system, ...fields, status: "creating" }));
}
