import type { Context } from "hono";
import { z } from "zod";

import type { Step } from "../actions";
import { overlap, parseRange, type Range } from "../addresses";
import { readBody } from "../body";
import { locations, named } from "../catalogue";
import type { Cloud } from "../cloud";
import { notFound, refused } from "../errors";
import type { Network, Nic, Server } from "../model";
import { choosePrivateIp, newMacAddress, requireFreeAliases } from "../private-addresses";
import { find, findUnlocked } from "./find";

const attachment = z.object({
  network: z.int(),
  ip: z.string().optional(),
  ip_range: z.string().optional(),
  alias_ips: z.array(z.string()).default([]),
});
const aliases = z.object({ network: z.int(), alias_ips: z.array(z.string()) });

interface NicWish {
  ip?: string | undefined;
  ipRange?: string | undefined;
  aliasIps?: string[];
}

/** A private interface to be attached; throws when the server is in the network already or no address is free. */
export function newNic(
  cloud: Cloud,
  network: Readonly<Network>,
  server: Pick<Server, "location" | "nics">,
  wish: NicWish,
): Nic {
  requireNewNetwork(cloud, network, server);
  const networkZone = named(locations, server.location).network_zone;
  const ip = choosePrivateIp(cloud.store, network, { networkZone, ip: wish.ip, ipRange: wish.ipRange });
  const aliasIps = wish.aliasIps ?? [];
  requireFreeAliases(cloud.store, network, aliasIps, null);
  return { network: network.id, ip, aliasIps, macAddress: newMacAddress(), state: "attaching" };
}

/** Answers attach_to_network: the interface shows up once the action has succeeded. */
export async function attachToNetwork(c: Context, cloud: Cloud): Promise<Response> {
  const server = findUnlocked(cloud, c.req.param("id") ?? "");
  const body = await readBody(c, attachment);
  const network = find(cloud.store.networks, "network", body.network);
  const nic = newNic(cloud, network, server, { ip: body.ip, ipRange: body.ip_range, aliasIps: body.alias_ips });
  cloud.store.servers.update(server, { nics: [...server.nics, nic] });
  return onNetwork(c, cloud, server, {
    ...{ command: "attach_to_network", resources: [{ id: network.id, type: "network" }] },
    work: () => cloud.machines.attach(server, nic),
    done: () => replaceNic(cloud, server, network.id, { ...nic, state: "attached" }),
    failed: () => replaceNic(cloud, server, network.id, null),
  });
}

/** Answers detach_from_network: the address is free again once the action has succeeded. */
export async function detachFromNetwork(c: Context, cloud: Cloud): Promise<Response> {
  const server = findUnlocked(cloud, c.req.param("id") ?? "");
  const { network } = await readBody(c, z.object({ network: z.int() }));
  const nic = attachedNic(server, network);
  replaceNic(cloud, server, network, { ...nic, state: "detaching" });
  return onNetwork(c, cloud, server, {
    ...{ command: "detach_from_network", resources: [{ id: network, type: "network" }] },
    work: () => cloud.machines.detach(server, network),
    done: () => replaceNic(cloud, server, network, null),
    failed: () => replaceNic(cloud, server, network, { ...nic, state: "attached" }),
  });
}

/** Answers change_alias_ips; aliases are kept on file only, the machine configures them itself. */
export async function changeAliasIps(c: Context, cloud: Cloud): Promise<Response> {
  const server = findUnlocked(cloud, c.req.param("id") ?? "");
  const body = await readBody(c, aliases);
  const nic = attachedNic(server, body.network);
  const network = find(cloud.store.networks, "network", body.network);
  requireFreeAliases(cloud.store, network, body.alias_ips, nic);
  replaceNic(cloud, server, network.id, { ...nic, aliasIps: body.alias_ips });
  return onNetwork(c, cloud, server, {
    ...{ command: "change_alias_ips", resources: [{ id: network.id, type: "network" }] },
  });
}

/** The interface with which a server is attached to a network; throws not_found. */
function attachedNic(server: Readonly<Server>, network: number): Nic {
  const nic = server.nics.find((each) => each.network === network);
  if (!nic) throw notFound(`server ${server.id} is not attached to it; network`, network);
  return nic;
}

function requireNewNetwork({ store }: Cloud, network: Readonly<Network>, server: Pick<Server, "nics">): void {
  if (server.nics.some((nic) => nic.network === network.id)) {
    throw refused("server_already_attached", `server is already attached to network ${network.id}`);
  }
  const range = parseRange(network.ipRange) as Range;
  for (const nic of server.nics) {
    const other = parseRange(store.networks.get(nic.network)?.ipRange ?? "");
    if (other && overlap(other, range)) {
      throw refused("networks_overlap", `network ${network.id} overlaps with network ${nic.network} of the server`);
    }
  }
}

function replaceNic({ store }: Cloud, server: Readonly<Server>, network: number, nic: Nic | null): void {
  const nics = server.nics.flatMap((each) => (each.network !== network ? [each] : nic ? [nic] : []));
  store.servers.update(server, { nics });
}

function onNetwork(c: Context, cloud: Cloud, server: Readonly<Server>, step: Step): Response {
  const own = { id: server.id, type: "server" };
  return c.json({ action: cloud.actions.one({ ...step, resources: [own, ...step.resources] }, own) }, 201);
}
