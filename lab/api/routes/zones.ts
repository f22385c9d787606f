import { Hono } from "hono";
import { z } from "zod";

import { labels, readBody } from "../body";
import type { Cloud } from "../cloud";
import { invalidInput, isProtected } from "../errors";
import { list } from "../listing";
import type { RecordSet, Zone } from "../model";
import { nameServers } from "../names";
import { newRecordSet, recordSetCreation } from "../record-set-body";
import { addZone, putRecordSet } from "../zone-records";
import { act, findZone } from "./find-zone";

const ttl = z.int().min(60).max(2147483647);
const creation = z.object({
  name: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}$/, "must be a lower-case domain"),
  mode: z.literal("primary", { error: "the lab serves zones of mode 'primary' only" }),
  ttl: ttl.default(3600),
  labels: labels.default({}),
  rrsets: z.array(recordSetCreation).default([]),
});

/** DNS zones, addressed by id or name. */
export function zoneRoutes(cloud: Cloud): Hono {
  const { store } = cloud;
  const routes = new Hono();
  const get = (id: string) => findZone(cloud, id);
  routes.get("/zones", (c) => {
    const mode = c.req.query("mode");
    return list(c, "zones", mode === undefined || mode === "primary" ? store.zones.all() : [], view);
  });
  routes.get("/zones/:zone", (c) => c.json({ zone: view(get(c.req.param("zone"))) }));
  routes.post("/zones", async (c) => {
    const zone = createZone(cloud, await readBody(c, creation));
    return c.json({ zone: view(zone), action: act(cloud, zone, "create_zone") }, 201);
  });
  routes.put("/zones/:zone", async (c) => {
    const zone = get(c.req.param("zone"));
    store.zones.update(zone, await readBody(c, z.object({ labels: labels.optional() })));
    return c.json({ zone: view(zone) });
  });
  routes.delete("/zones/:zone", (c) => {
    const zone = get(c.req.param("zone"));
    if (zone.deleteProtection) throw isProtected("zone");
    store.zones.remove(zone.id);
    return c.json({ action: act(cloud, zone, "delete_zone") }, 201);
  });
  addActions(routes, cloud);
  return routes;
}

function createZone({ store }: Cloud, body: z.output<typeof creation>): Readonly<Zone> {
  requireRegistrable(body.name);
  const sets = body.rrsets.map(newRecordSet);
  const zone = addZone(store, { name: body.name, ttl: body.ttl, labels: body.labels });
  for (const set of sets) putRecordSet(store, zone, set, set);
  return zone;
}

function addActions(routes: Hono, cloud: Cloud): void {
  const { store } = cloud;
  routes.post("/zones/:zone/actions/change_ttl", async (c) => {
    const zone = findZone(cloud, c.req.param("zone"));
    store.zones.update(zone, { ...(await readBody(c, z.object({ ttl }))), serial: zone.serial + 1 });
    return c.json({ action: act(cloud, zone, "change_zone_ttl") }, 201);
  });
  routes.post("/zones/:zone/actions/change_protection", async (c) => {
    const zone = findZone(cloud, c.req.param("zone"));
    const body = await readBody(c, z.object({ delete: z.boolean().optional() }));
    store.zones.update(zone, { deleteProtection: body.delete });
    return c.json({ action: act(cloud, zone, "change_zone_protection") }, 201);
  });
}

// Second-level suffixes under which names are registered, such as example.co.uk; a full public suffix list is not worth it.
function requireRegistrable(name: string): void {
  const parts = name.split(".");
  const suffixes =
    parts.length === 3 && /^(ac|co|com|edu|gov|net|or|org)$/.test(parts[1] ?? "") && parts[2]?.length === 2;
  if (parts.length === 2 || suffixes) return;
  throw invalidInput("name", `must be a registrable domain such as example.org, got '${name}'`);
}

function view(zone: Readonly<Zone>): object {
  const { id, name, ttl, created, labels } = zone;
  const count = zone.recordSets.reduce((sum: number, set: RecordSet) => sum + set.records.length, 0);
  const delegation = { delegated: nameServers, delegation_last_check: created, delegation_status: "valid" };
  return {
    ...{ id, name, mode: "primary", ttl, status: "ok", record_count: count, registrar: "other", created, labels },
    ...{ protection: { delete: zone.deleteProtection }, primary_nameservers: [] },
    authoritative_nameservers: { assigned: nameServers, ...delegation },
  };
}
