import type { Context } from "hono";
import { z } from "zod";

import { readBody } from "../body";
import { byNameOrId, type ServerType, serverTypes } from "../catalogue";
import type { Cloud } from "../cloud";
import { invalidInput, refused } from "../errors";
import { findUnlocked } from "./find";

const change = z.object({ server_type: z.union([z.int(), z.string()]), upgrade_disk: z.boolean() });

/** The server type with a name or id, if it is offered in a location; throws invalid_input. */
export function typeNamed(wanted: string | number, location: string): ServerType {
  const type = byNameOrId(serverTypes, wanted);
  if (!type) throw invalidInput("server_type", `there is no server type '${wanted}'`);
  if (type.locations.includes(location)) return type;
  throw invalidInput("server_type", `'${type.name}' is not offered in ${location}`);
}

/** Answers change_type: needs the server off and a disk that fits, and starts the server again afterwards. */
export async function changeType(c: Context, cloud: Cloud): Promise<Response> {
  const server = findUnlocked(cloud, c.req.param("id") ?? "");
  const body = await readBody(c, change);
  const type = typeNamed(body.server_type, server.location);
  if (server.status !== "off") throw refused("server_not_stopped", `server ${server.id} must be off`);
  if (type.name === server.type) throw refused("invalid_server_type", `server is already of type ${type.name}`);
  if (type.diskGb < server.diskGb) {
    throw refused("invalid_server_type", `the disk of ${server.diskGb} GB does not fit into ${type.name}`);
  }
  const before = { type: server.type, diskGb: server.diskGb, power: "off", status: "off" } as const;
  const diskGb = body.upgrade_disk ? type.diskGb : server.diskGb;
  cloud.store.servers.update(server, { type: type.name, diskGb, power: "on", status: "migrating" });
  cloud.machines.changed(server);
  const own = { id: server.id, type: "server" };
  const action = cloud.actions.one(
    {
      ...{ command: "change_server_type", resources: [own] },
      work: () => cloud.machines.boot(server),
      done: () => cloud.store.servers.update(server, { status: "running" }),
      failed: () => cloud.store.servers.update(server, before),
    },
    own,
  );
  return c.json({ action }, 201);
}
