import { Hono } from "hono";
import { z } from "zod";

import { hostName, labels, readBody } from "../body";
import { applyFirewallsSoon, type Cloud } from "../cloud";
import { invalidInput, isProtected, refused } from "../errors";
import { forgetServer } from "../forget-server";
import type { Server } from "../model";
import { addressesOf, setReverseName } from "../primary-addresses";
import { find, findUnlocked } from "./find";
import { attachToNetwork, changeAliasIps, detachFromNetwork } from "./nics";
import { requireRoom } from "./placement-groups";
import { reverseName } from "./primary-ips";
import { addResource } from "./resource";
import { createServer } from "./server-create";
import { addPowerActions } from "./server-power";
import { changeType } from "./server-type";
import { serverView } from "./server-view";

const change = z.object({ name: hostName.optional(), labels: labels.optional() });
const protection = z.object({ delete: z.boolean().optional(), rebuild: z.boolean().optional() });

const path = "/servers/:id/actions";

/** Servers and everything that is done to them. */
export function serverRoutes(cloud: Cloud): Hono {
  const { store } = cloud;
  const routes = new Hono();
  const view = (server: Readonly<Server>) => serverView(cloud, server);
  const kind = { key: "server", title: "server", collection: store.servers, view, change };
  addResource(routes, { ...kind, filters: ["status"], changed: () => applyFirewallsSoon(cloud) });
  routes.post("/servers", (c) => createServer(c, cloud));
  routes.delete("/servers/:id", (c) => {
    const server = findUnlocked(cloud, c.req.param("id"));
    if (server.deleteProtection) throw isProtected("server");
    return c.json({ action: startDeletion(cloud, server) });
  });
  addPowerActions(routes, cloud);
  addChanges(routes, cloud);
  return routes;
}

function addChanges(routes: Hono, cloud: Cloud): void {
  routes.post(`${path}/attach_to_network`, (c) => attachToNetwork(c, cloud));
  routes.post(`${path}/detach_from_network`, (c) => detachFromNetwork(c, cloud));
  routes.post(`${path}/change_alias_ips`, (c) => changeAliasIps(c, cloud));
  routes.post(`${path}/change_type`, (c) => changeType(c, cloud));
  routes.post(`${path}/change_protection`, async (c) => {
    const server = findUnlocked(cloud, c.req.param("id"));
    const { delete: first = server.deleteProtection, rebuild = first } = await readBody(c, protection);
    if (first !== rebuild) throw invalidInput("rebuild", "must be the same as delete");
    cloud.store.servers.update(server, { deleteProtection: first });
    return c.json({ action: act(cloud, server, "change_protection") }, 201);
  });
  routes.post(`${path}/change_dns_ptr`, async (c) => {
    const server = findUnlocked(cloud, c.req.param("id"));
    const { ip, dns_ptr } = await readBody(c, reverseName);
    const owner = addressesOf(cloud, server.id)[ip.includes(":") ? "ipv6" : "ipv4"];
    if (!owner) throw invalidInput("ip", `must be an address of server ${server.id}, got '${ip}'`);
    setReverseName(cloud, owner, ip, dns_ptr);
    return c.json({ action: act(cloud, server, "change_dns_ptr", () => cloud.names.publish()) }, 201);
  });
  addPlacement(routes, cloud);
}

function addPlacement(routes: Hono, cloud: Cloud): void {
  const { servers, placementGroups } = cloud.store;
  routes.post(`${path}/add_to_placement_group`, async (c) => {
    const server = findUnlocked(cloud, c.req.param("id"));
    const body = await readBody(c, z.object({ placement_group: z.int() }));
    const group = find(placementGroups, "placement group", body.placement_group);
    if (server.status !== "off") throw refused("server_not_stopped", `server ${server.id} must be off`);
    requireRoom(cloud, group);
    servers.update(server, { placementGroup: group.id });
    return c.json({ action: act(cloud, server, "add_to_placement_group") }, 201);
  });
  routes.post(`${path}/remove_from_placement_group`, (c) => {
    const server = findUnlocked(cloud, c.req.param("id"));
    servers.update(server, { placementGroup: null });
    return c.json({ action: act(cloud, server, "remove_from_placement_group") }, 201);
  });
}

function act(cloud: Cloud, server: Readonly<Server>, command: string, work?: () => Promise<void>) {
  const own = { id: server.id, type: "server" };
  return cloud.actions.one({ command, resources: [own], ...(work ? { work } : {}) }, own);
}

function startDeletion(cloud: Cloud, server: Readonly<Server>) {
  const before = server.status;
  const own = { id: server.id, type: "server" };
  cloud.store.servers.update(server, { status: "deleting" });
  return cloud.actions.one(
    {
      ...{ command: "delete_server", resources: [own] },
      work: () => cloud.machines.remove(server),
      done: () => forgetServer(cloud, server),
      failed: () => cloud.store.servers.update(server, { status: before }),
    },
    own,
  );
}
