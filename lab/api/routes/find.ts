import type { Cloud } from "../cloud";
import { notFound } from "../errors";
import type { Server } from "../model";
import type { Collection } from "../store";

/** The resource with an id taken from a path or body; throws not_found. */
export function find<T extends { id: number }>(
  collection: Collection<T>,
  kind: string,
  id: number | string,
): Readonly<T> {
  const found = collection.get(Number(id));
  if (!found) throw notFound(kind, id);
  return found;
}

/** A server that no other action is working on; throws not_found or locked. */
export function findUnlocked(cloud: Cloud, id: number | string): Readonly<Server> {
  const server = find(cloud.store.servers, "server", id);
  cloud.actions.requireUnlocked({ id: server.id, type: "server" });
  return server;
}

/** This moment as the API writes it. */
export function now(): string {
  return new Date().toISOString();
}
