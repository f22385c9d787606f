import { Hono } from "hono";
import { z } from "zod";

import { labels, name, readBody, requireFreeName } from "../body";
import type { Cloud } from "../cloud";
import { refused } from "../errors";
import type { PlacementGroup } from "../model";
import { now } from "./find";
import { addResource } from "./resource";

const maxServers = 10;
const creation = z.object({ name, type: z.literal("spread"), labels: labels.default({}) });

/** Spread placement groups. */
export function placementGroupRoutes(cloud: Cloud): Hono {
  const { store } = cloud;
  const routes = new Hono();
  const view = (group: Readonly<PlacementGroup>) => placementGroupView(cloud, group);
  const kind = { key: "placement_group", title: "placement group", collection: store.placementGroups, view };
  const get = addResource(routes, kind);
  routes.post("/placement_groups", async (c) => {
    const body = await readBody(c, creation);
    requireFreeName("placement group", store.placementGroups, body.name);
    const group = store.placementGroups.add(() => ({ name: body.name, labels: body.labels, created: now() }));
    return c.json({ placement_group: view(group), action: null }, 201);
  });
  routes.delete("/placement_groups/:id", (c) => {
    const group = get(c.req.param("id"));
    if (serversIn(cloud, group).length > 0) throw refused("resource_in_use", "placement group still has servers");
    store.placementGroups.remove(group.id);
    return c.body(null, 204);
  });
  return routes;
}

/** A placement group as the API shows it. */
export function placementGroupView(cloud: Cloud, group: Readonly<PlacementGroup>): object {
  const { id, name, labels, created } = group;
  return { id, name, labels, created, type: "spread", servers: serversIn(cloud, group) };
}

/** Throws placement_error when a group has no room for one more server. */
export function requireRoom(cloud: Cloud, group: Readonly<PlacementGroup>): void {
  if (serversIn(cloud, group).length < maxServers) return;
  throw refused("placement_error", `placement group ${group.id} already has ${maxServers} servers`);
}

function serversIn({ store }: Cloud, group: Readonly<PlacementGroup>): number[] {
  const members = store.servers.all().filter((server) => server.placementGroup === group.id);
  return members.map((server) => server.id);
}
