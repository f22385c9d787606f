import { Hono } from "hono";
import { z } from "zod";

import { holds, ipv4Text, overlap, parseRange, type Range } from "../addresses";
import { labels, name, readBody, requireFreeName } from "../body";
import { locations } from "../catalogue";
import type { Cloud } from "../cloud";
import { ApiError, invalidInput, isProtected } from "../errors";
import type { Network, Subnet } from "../model";
import { nicsIn } from "../private-addresses";
import { now } from "./find";
import { addResource } from "./resource";

const zones = [...new Set(locations.map((location) => location.network_zone))];
const subnet = z.object({
  type: z.enum(["cloud", "server"]),
  ip_range: z.string().optional(),
  network_zone: z.enum(zones),
});
const creation = z.object({
  name,
  ip_range: z.string(),
  labels: labels.default({}),
  subnets: z.array(subnet).default([]),
});
const protection = z.object({ delete: z.boolean().optional() });
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((text) => parseRange(text) as Range);

/** Private networks and their subnets. */
export function networkRoutes(cloud: Cloud): Hono {
  const { store } = cloud;
  const routes = new Hono();
  const view = (network: Readonly<Network>) => networkView(cloud, network);
  const get = addResource(routes, { key: "network", title: "network", collection: store.networks, view });
  routes.post("/networks", async (c) => {
    const body = await readBody(c, creation);
    requireFreeName("network", store.networks, body.name);
    const network = newNetwork(body);
    return c.json({ network: view(store.networks.add(() => network)) }, 201);
  });
  routes.delete("/networks/:id", (c) => {
    const network = get(c.req.param("id"));
    if (network.deleteProtection) throw isProtected("network");
    requireUnused(cloud, network);
    store.networks.remove(network.id);
    return c.body(null, 204);
  });
  addActions(routes, cloud, get);
  return routes;
}

function addActions(routes: Hono, cloud: Cloud, get: (id: string) => Readonly<Network>): void {
  const { store, actions } = cloud;
  const act = (network: Readonly<Network>, command: string) => ({
    action: actions.one({ command, resources: [{ id: network.id, type: "network" }] }),
  });
  routes.post("/networks/:id/actions/add_subnet", async (c) => {
    const network = get(c.req.param("id"));
    const added = newSubnet(network, await readBody(c, subnet));
    store.networks.update(network, { subnets: [...network.subnets, added] });
    return c.json(act(network, "add_subnet"), 201);
  });
  routes.post("/networks/:id/actions/delete_subnet", async (c) => {
    const network = get(c.req.param("id"));
    const { ip_range } = await readBody(c, z.object({ ip_range: z.string() }));
    const kept = network.subnets.filter((each) => each.ipRange !== ip_range);
    if (kept.length === network.subnets.length) throw invalidInput("ip_range", `no subnet '${ip_range}'`);
    requireUnused(cloud, network, ip_range);
    store.networks.update(network, { subnets: kept });
    return c.json(act(network, "delete_subnet"), 201);
  });
  routes.post("/networks/:id/actions/change_protection", async (c) => {
    const network = get(c.req.param("id"));
    store.networks.update(network, { deleteProtection: (await readBody(c, protection)).delete });
    return c.json(act(network, "change_protection"), 201);
  });
}

/** The gateway of a network: the first address of its range. */
function gatewayOf(network: Readonly<Network>): string {
  return ipv4Text((parseRange(network.ipRange) as Range).first + 1);
}

function networkView({ store }: Cloud, network: Readonly<Network>): object {
  const { id, name, labels, created, ipRange } = network;
  const attached = store.servers
    .all()
    .filter((server) => server.nics.some((nic) => nic.network === id && nic.state !== "attaching"));
  const subnets = network.subnets.map((each) => ({
    ...{ type: each.type, ip_range: each.ipRange, network_zone: each.networkZone },
    ...{ gateway: gatewayOf(network), vswitch_id: null },
  }));
  return {
    ...{ id, name, ip_range: ipRange, subnets, routes: [], servers: attached.map((server) => server.id) },
    ...{ load_balancers: balancersIn(store, id), protection: { delete: network.deleteProtection }, labels, created },
    expose_routes_to_vswitch: false,
  };
}

function balancersIn({ loadBalancers }: Cloud["store"], network: number): number[] {
  const attached = loadBalancers.all().filter(({ nic }) => nic?.network === network && nic.state !== "attaching");
  return attached.map(({ id }) => id);
}

function newNetwork(body: z.output<typeof creation>): Omit<Network, "id"> {
  const range = parseRange(body.ip_range);
  if (!range || range.prefix > 24 || !privateRanges.some((outer) => holds(outer, range))) {
    throw invalidInput("ip_range", `must be a private IPv4 range of at least a /24, got '${body.ip_range}'`);
  }
  const network = { name: body.name, ipRange: body.ip_range, labels: body.labels, subnets: [] as Subnet[] };
  for (const each of body.subnets) network.subnets.push(newSubnet(network, each));
  return { ...network, created: now(), deleteProtection: false };
}

function newSubnet(network: Pick<Network, "ipRange" | "subnets">, body: z.output<typeof subnet>): Subnet {
  const outer = parseRange(network.ipRange) as Range;
  const ranges = network.subnets.map((each) => parseRange(each.ipRange) as Range);
  const text = body.ip_range ?? freeRange(outer, ranges);
  const range = parseRange(text);
  if (!range || range.prefix > 30 || !holds(outer, range)) {
    throw invalidInput("ip_range", `must be an IPv4 range inside ${network.ipRange}, got '${text}'`);
  }
  if (ranges.some((taken) => overlap(taken, range))) {
    throw invalidInput("ip_range", `'${text}' overlaps with another subnet of the network`);
  }
  if (network.subnets.some((each) => each.networkZone !== body.network_zone)) {
    throw invalidInput("network_zone", "must be the same for all subnets of a network");
  }
  return { type: body.type, ipRange: text, networkZone: body.network_zone };
}

function freeRange(outer: Range, taken: Range[]): string {
  const range = { first: outer.first, prefix: Math.max(24, outer.prefix) };
  while (taken.some((each) => overlap(each, range))) range.first += 256;
  return `${ipv4Text(range.first)}/${range.prefix}`;
}

function requireUnused({ store }: Cloud, network: Readonly<Network>, ipRange = network.ipRange): void {
  const range = parseRange(ipRange) as Range;
  const inside = nicsIn(store, network.id).filter(({ ip }) => holds(range, parseRange(`${ip}/32`) as Range));
  if (inside.length > 0) {
    throw new ApiError(422, "service_error", `cannot delete ${ipRange} because servers are attached`);
  }
}
