import type { VolumeDisk } from "./fabric";
import type { Server, Volume } from "./model";
import type { Store } from "./store";

/** The volumes that a server has. */
export function volumesOf({ volumes }: Store, server: number): Readonly<Volume>[] {
  return volumes.all().filter((volume) => volume.server === server);
}

/** The same as its machine has them. */
export function disksOf(store: Store, server: number): VolumeDisk[] {
  return volumesOf(store, server).map(({ id, sizeGb }) => ({ id, sizeGb }));
}

/** Takes the volumes from a server that goes: they stay, with what is on them. */
export function releaseVolumes(store: Store, server: Readonly<Server>): void {
  for (const volume of volumesOf(store, server.id)) store.volumes.update(volume, { server: null });
}
