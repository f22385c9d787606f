import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import { z } from "zod";

import type { Step } from "../actions";
import { hostName, labels, readBody, requireFreeName } from "../body";
import { byNameOrId, type Image, imageKey, locations, type ServerType } from "../catalogue";
import { type Cloud, publishSoon } from "../cloud";
import { invalidInput } from "../errors";
import { imageNamed } from "../images";
import type { PrimaryIp, Server } from "../model";
import { addPrimaryIp, requireAssignable } from "../primary-addresses";
import { find, now } from "./find";
import { newNic } from "./nics";
import { requireRoom } from "./placement-groups";
import { typeNamed } from "./server-type";
import { serverView } from "./server-view";

const maxUserDataBytes = 32 * 1024;
const maxFirewalls = 5;

const reference = z.union([z.int(), z.string()]);
const creation = z.object({
  name: hostName,
  server_type: reference,
  image: reference,
  location: z.string().optional(),
  datacenter: z.undefined({ error: "was removed from the API; use location" }).optional(),
  ssh_keys: z.array(reference).default([]),
  user_data: z
    .string()
    .default("")
    .refine((text) => Buffer.byteLength(text) <= maxUserDataBytes, "is longer than 32 KiB"),
  labels: labels.default({}),
  firewalls: z
    .array(z.object({ firewall: z.int() }))
    .max(maxFirewalls)
    .default([]),
  placement_group: z.int().nullish(),
  networks: z.array(z.int()).default([]),
  public_net: z
    .object({
      enable_ipv4: z.boolean().default(true),
      enable_ipv6: z.boolean().default(true),
      ipv4: z.int().nullish(),
      ipv6: z.int().nullish(),
    })
    .default({ enable_ipv4: true, enable_ipv6: true }),
  start_after_create: z.boolean().default(true),
});

type Creation = z.output<typeof creation>;
type Address = PrimaryIp["type"];

/** Answers `POST /servers`: checks everything first, then puts server and addresses on file and boots in an action. */
export async function createServer(c: Context, cloud: Cloud): Promise<Response> {
  const body = await readBody(c, creation);
  requireFreeName("server", cloud.store.servers, body.name);
  const fields = serverFields(cloud, body);
  const given = givenAddresses(cloud, body, fields.location);
  const nics = body.networks.map((id) => newNic(cloud, find(cloud.store.networks, "network", id), fields, {}));
  const firewalls = body.firewalls.map(({ firewall }) => find(cloud.store.firewalls, "firewall", firewall));
  const server = cloud.store.servers.add(() => ({ ...fields, nics }));
  for (const type of ["ipv4", "ipv6"] as const) assignAddress(cloud, body, server, type, given[type]);
  for (const firewall of firewalls) {
    cloud.store.firewalls.update(firewall, { servers: [...firewall.servers, server.id] });
  }
  publishSoon(cloud);
  const [action, ...nextActions] = cloud.actions.start(creationSteps(cloud, server), { id: server.id, type: "server" });
  const password = server.sshPublicKeys.length === 0 ? randomBytes(12).toString("hex") : null;
  return c.json({ server: serverView(cloud, server), action, next_actions: nextActions, root_password: password }, 201);
}

function serverFields(cloud: Cloud, body: Creation): Omit<Server, "id"> {
  const location = byNameOrId(locations, body.location ?? "fsn1")?.name;
  if (!location) throw invalidInput("location", `there is no location '${body.location}'`);
  const type = typeNamed(body.server_type, location);
  const image = imageFor(cloud, body, type);
  const group = body.placement_group
    ? find(cloud.store.placementGroups, "placement group", body.placement_group)
    : null;
  if (group) requireRoom(cloud, group);
  return {
    ...{ name: body.name, labels: body.labels, created: now(), type: type.name, image: imageKey(image), location },
    ...{ userData: body.user_data, sshPublicKeys: publicKeys(cloud, body), nics: [], diskGb: type.diskGb },
    ...{ power: body.start_after_create ? "on" : "off", status: "initializing" },
    ...{ placementGroup: group?.id ?? null, deleteProtection: false },
  };
}

function imageFor({ store }: Cloud, { image: wanted }: Creation, type: ServerType): Image {
  const image = imageNamed(store, wanted);
  if (!image) throw invalidInput("image", `there is no image '${wanted}'`);
  if (image.diskGb > type.diskGb) throw invalidInput("image", "image disk is bigger than server type disk");
  return image;
}

function publicKeys({ store }: Cloud, body: Creation): string[] {
  return body.ssh_keys.map((wanted) => {
    const key = store.sshKeys.all().find((each) => each.name === wanted || String(each.id) === String(wanted));
    if (!key) throw invalidInput("ssh_keys", `there is no SSH key '${wanted}'`);
    return key.publicKey;
  });
}

function givenAddresses(cloud: Cloud, body: Creation, location: string): Partial<Record<Address, Readonly<PrimaryIp>>> {
  const given: Partial<Record<Address, Readonly<PrimaryIp>>> = {};
  for (const type of ["ipv4", "ipv6"] as const) {
    const id = body.public_net[type];
    if (!id || !body.public_net[`enable_${type}`]) continue;
    const ip = find(cloud.store.primaryIps, "primary IP", id);
    requireAssignable(ip, type, location);
    given[type] = ip;
  }
  return given;
}

function assignAddress(
  cloud: Cloud,
  body: Creation,
  server: Readonly<Server>,
  type: Address,
  given: Readonly<PrimaryIp> | undefined,
): void {
  if (!body.public_net[`enable_${type}`]) return;
  if (given) cloud.store.primaryIps.update(given, { server: server.id });
  else addPrimaryIp(cloud, { type, location: server.location, server: server.id, autoDelete: true, labels: {} });
}

function creationSteps(cloud: Cloud, server: Readonly<Server>): Step[] {
  const { servers } = cloud.store;
  const own = { id: server.id, type: "server" };
  const failed = () => servers.update(server, { status: "off", power: "off" });
  const starts = server.power === "on";
  const attachments = server.nics.map((nic) => ({
    command: "attach_to_network",
    resources: [own, { id: nic.network, type: "network" }],
    done: () =>
      servers.update(server, {
        nics: server.nics.map((each) => (each === nic ? { ...nic, state: "attached" } : each)),
      }),
    failed: () => servers.update(server, { nics: server.nics.filter((each) => each !== nic) }),
  }));
  const create = {
    ...{ command: "create_server", resources: [own], failed },
    ...(starts ? { work: () => cloud.machines.boot(server) } : {}),
    done: () => servers.update(server, { status: starts ? "starting" : "off" }),
  };
  const start = {
    ...{ command: "start_server", resources: [own], failed },
    done: () => servers.update(server, { status: "running" }),
  };
  return [create, ...attachments, ...(starts ? [start] : [])];
}
