import { Hono } from "hono";
import { z } from "zod";

import { labels, name, readBody, requireFreeName } from "../body";
import { byNameOrId, locations, named } from "../catalogue";
import { type Cloud, publishSoon } from "../cloud";
import { invalidInput, isProtected, refused } from "../errors";
import { isPublicTarget } from "../load-balancers/targets";
import type { PrimaryIp, Server } from "../model";
import { addPrimaryIp, addressesOf, requireAssignable, reverseNamesView, setReverseName } from "../primary-addresses";
import { findUnlocked } from "./find";
import { addResource } from "./resource";

const assignee = z.object({ assignee_id: z.int(), assignee_type: z.literal("server").optional() });
const creation = z.object({
  name,
  type: z.enum(["ipv4", "ipv6"]),
  location: z.string().optional(),
  assignee_id: z.int().nullish(),
  assignee_type: z.enum(["server", "unassigned"]).optional(),
  auto_delete: z.boolean().default(false),
  labels: labels.default({}),
});
const change = z
  .object({ name: name.optional(), labels: labels.optional(), auto_delete: z.boolean().optional() })
  .transform(({ auto_delete: autoDelete, ...others }) => ({ ...others, autoDelete }));

/** Body of change_dns_ptr: an address and its reverse name, null for the default. */
export const reverseName = z.object({ ip: z.string(), dns_ptr: z.string().min(1).nullable() });

/** Public addresses that live on their own. */
export function primaryIpRoutes(cloud: Cloud): Hono {
  const { store } = cloud;
  const routes = new Hono();
  const kind = { key: "primary_ip", title: "primary IP", collection: store.primaryIps, view, change };
  const get = addResource(routes, { ...kind, filters: ["ip"] });
  routes.post("/primary_ips", async (c) => {
    const body = await readBody(c, creation);
    requireFreeName("primary IP", store.primaryIps, body.name);
    const server = typeof body.assignee_id === "number" ? stopped(cloud, body.assignee_id, body.type) : undefined;
    const location = server?.location ?? byNameOrId(locations, body.location ?? "")?.name;
    if (!location) throw invalidInput("location", "must be a location, unless assignee_id is given");
    const { name, type, labels } = body;
    const fields = { name, type, labels, location, autoDelete: body.auto_delete, server: server?.id ?? null };
    const ip = addPrimaryIp(cloud, fields);
    publishSoon(cloud);
    return c.json({ primary_ip: view(ip), action: server ? assigned(cloud, ip, server) : null }, 201);
  });
  routes.delete("/primary_ips/:id", (c) => {
    const ip = get(c.req.param("id"));
    if (ip.deleteProtection) throw isProtected("primary IP");
    if (ip.server !== null) throw refused("must_be_unassigned", `primary IP ${ip.id} must be unassigned first`);
    store.primaryIps.remove(ip.id);
    publishSoon(cloud);
    return c.body(null, 204);
  });
  addAssignment(routes, cloud, get);
  addChanges(routes, cloud, get);
  return routes;
}

function addAssignment(routes: Hono, cloud: Cloud, get: (id: string) => Readonly<PrimaryIp>): void {
  const { store } = cloud;
  routes.post("/primary_ips/:id/actions/assign", async (c) => {
    const ip = get(c.req.param("id"));
    const server = stopped(cloud, (await readBody(c, assignee)).assignee_id, ip.type);
    requireAssignable(ip, ip.type, server.location);
    store.primaryIps.update(ip, { server: server.id });
    return c.json({ action: assigned(cloud, ip, server) }, 201);
  });
  routes.post("/primary_ips/:id/actions/unassign", (c) => {
    const ip = get(c.req.param("id"));
    if (ip.server === null) throw refused("primary_ip_not_assigned", `primary IP ${ip.id} is not assigned`);
    const server = stopped(cloud, ip.server);
    if (ip.type === "ipv4" && isPublicTarget(store, server)) {
      throw refused("server_is_load_balancer_target", `server ${server.id} is the target of a load balancer`);
    }
    store.primaryIps.update(ip, { server: null });
    cloud.machines.changed(server);
    return c.json({ action: onBoth(cloud, "unassign_primary_ip", ip, server) }, 201);
  });
}

function addChanges(routes: Hono, cloud: Cloud, get: (id: string) => Readonly<PrimaryIp>): void {
  const { store, actions } = cloud;
  routes.post("/primary_ips/:id/actions/change_dns_ptr", async (c) => {
    const ip = get(c.req.param("id"));
    const body = await readBody(c, reverseName);
    setReverseName(cloud, ip, body.ip, body.dns_ptr);
    const resources = [{ id: ip.id, type: "primary_ip" }];
    const action = actions.one({ command: "change_dns_ptr", resources, work: () => cloud.names.publish() });
    return c.json({ action }, 201);
  });
  routes.post("/primary_ips/:id/actions/change_protection", async (c) => {
    const ip = get(c.req.param("id"));
    const body = await readBody(c, z.object({ delete: z.boolean().optional() }));
    store.primaryIps.update(ip, { deleteProtection: body.delete });
    const resources = [{ id: ip.id, type: "primary_ip" }];
    return c.json({ action: actions.one({ command: "change_protection", resources }) }, 201);
  });
}

function stopped(cloud: Cloud, id: number, freeType?: PrimaryIp["type"]): Readonly<Server> {
  const server = findUnlocked(cloud, id);
  if (server.status !== "off") throw refused("server_not_stopped", `server ${id} must be off`);
  if (freeType && addressesOf(cloud, id)[freeType]) {
    throw refused(`server_has_${freeType}`, `server ${id} already has an ${freeType} address`);
  }
  return server;
}

function assigned(cloud: Cloud, ip: Readonly<PrimaryIp>, server: Readonly<Server>) {
  cloud.machines.changed(server);
  return onBoth(cloud, "assign_primary_ip", ip, server);
}

function onBoth(cloud: Cloud, command: string, ip: Readonly<PrimaryIp>, server: Readonly<Server>) {
  const lock = { id: server.id, type: "server" };
  return cloud.actions.one({ command, resources: [{ id: ip.id, type: "primary_ip" }, lock] }, lock);
}

function view(ip: Readonly<PrimaryIp>): object {
  const { id, name, type, labels, created } = ip;
  return {
    ...{ id, name, type, ip: ip.ip, assignee_id: ip.server, labels, created },
    assignee_type: ip.server === null ? "unassigned" : "server",
    ...{ auto_delete: ip.autoDelete, blocked: false, location: named(locations, ip.location) },
    ...{ dns_ptr: reverseNamesView(ip), protection: { delete: ip.deleteProtection } },
  };
}
