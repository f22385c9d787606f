import { type Context, Hono } from "hono";
import { z } from "zod";

import { labels, readBody } from "../body";
import type { Cloud } from "../cloud";
import { invalidInput, notFound, refused } from "../errors";
import { list } from "../listing";
import type { RecordSet, RecordValue, Zone } from "../model";
import { newRecordSet, recordSetCreation, records, storedRecord, ttl } from "../record-set-body";
import { requireValidRecords } from "../record-values";
import { putRecordSet, requireChangeable, requireCompatible } from "../zone-records";
import { act, findZone } from "./find-zone";

const path = "/zones/:zone/rrsets/:name/:type";

/** Record sets of a zone. */
export function recordSetRoutes(cloud: Cloud): Hono {
  const routes = new Hono();
  routes.get("/zones/:zone/rrsets", (c) => {
    const zone = findZone(cloud, c.req.param("zone"));
    const types = c.req.queries("type");
    const sets = zone.recordSets.filter((set) => !types || types.includes(set.type));
    const listed = sets.map((set) => ({ ...set, id: 0 }));
    return list(c, "rrsets", listed, (set) => view(zone, set));
  });
  routes.get(path, (c) => {
    const { zone, set } = findSet(c, cloud);
    return c.json({ rrset: view(zone, set) });
  });
  addChanges(routes, cloud);
  addActions(routes, cloud);
  addAddRecords(routes, cloud);
  return routes;
}

function addChanges(routes: Hono, cloud: Cloud): void {
  const { store } = cloud;
  routes.post("/zones/:zone/rrsets", async (c) => {
    const zone = findZone(cloud, c.req.param("zone"));
    const set = newRecordSet(await readBody(c, recordSetCreation));
    requireCompatible(zone, set);
    putRecordSet(store, zone, set, set);
    return c.json({ rrset: view(zone, set), action: act(cloud, zone, "create_rrset") }, 201);
  });
  routes.put(path, async (c) => {
    const { zone, set } = findSet(c, cloud);
    const body = await readBody(c, z.object({ labels: labels.optional() }));
    const changed = { ...set, labels: body.labels ?? set.labels };
    putRecordSet(store, zone, set, changed);
    return c.json({ rrset: view(zone, changed) });
  });
  routes.delete(path, (c) => {
    const { zone, set } = findSet(c, cloud);
    requireChangeable(set);
    if (set.type === "SOA") throw invalidInput("type", "the SOA of a zone cannot be deleted");
    putRecordSet(store, zone, set, null);
    return c.json({ action: act(cloud, zone, "delete_rrset") }, 201);
  });
}

function addActions(routes: Hono, cloud: Cloud): void {
  const change = (name: string, command: string, apply: (c: Context, set: RecordSet) => Promise<RecordSet | null>) =>
    routes.post(`${path}/actions/${name}`, async (c) => {
      const { zone, set } = findSet(c, cloud);
      const changed = await apply(c, set);
      putRecordSet(cloud.store, zone, set, changed);
      return c.json({ action: act(cloud, zone, command) }, 201);
    });
  change("change_protection", "change_rrset_protection", async (c, set) => {
    const body = await readBody(c, z.object({ change: z.boolean().optional() }));
    return { ...set, changeProtection: body.change ?? set.changeProtection };
  });
  change("change_ttl", "change_rrset_ttl", async (c, set) => {
    requireChangeable(set);
    return { ...set, ttl: (await readBody(c, z.object({ ttl }))).ttl ?? null };
  });
  change("set_records", "set_rrset_records", async (c, set) =>
    withRecords(set, (await readBody(c, z.object({ records }))).records),
  );
  change("remove_records", "remove_rrset_records", async (c, set) => {
    const gone = (await readBody(c, z.object({ records }))).records.map((record) => record.value);
    const kept = set.records.filter((record) => !gone.includes(record.value));
    return kept.length === 0 ? withRecords(set, []) && null : withRecords(set, kept);
  });
}

// add_records makes the record set if there is none yet.
function addAddRecords(routes: Hono, cloud: Cloud): void {
  routes.post(`${path}/actions/add_records`, async (c) => {
    const zone = findZone(cloud, c.req.param("zone"));
    const body = await readBody(c, z.object({ records, ttl }));
    const id = recordSetCreation.pick({ name: true, type: true }).safeParse(c.req.param());
    if (!id.success) throw notFound("rrset", `${c.req.param("name")}/${c.req.param("type")}`);
    const present = zone.recordSets.find((set) => set.name === id.data.name && set.type === id.data.type);
    if (!present) requireCompatible(zone, id.data);
    if (present && body.ttl !== undefined && body.ttl !== present.ttl) {
      throw refused("invalid_input", "ttl must be the one of the existing rrset");
    }
    const set = present
      ? withRecords(present, [...present.records, ...body.records.map(storedRecord)])
      : newRecordSet({ ...id.data, ttl: body.ttl, labels: {}, records: body.records });
    putRecordSet(cloud.store, zone, set, set);
    return c.json({ action: act(cloud, zone, "add_rrset_records") }, 201);
  });
}

function withRecords(set: RecordSet, values: RecordValue[]): RecordSet {
  requireChangeable(set);
  if (set.type !== "SOA") requireValidRecords(set.type, values);
  return { ...set, records: values.map(storedRecord) };
}

function findSet(c: Context, cloud: Cloud): { zone: Readonly<Zone>; set: RecordSet } {
  const zone = findZone(cloud, c.req.param("zone") ?? "");
  const set = zone.recordSets.find((each) => each.name === c.req.param("name") && each.type === c.req.param("type"));
  if (!set) throw notFound("rrset", `${c.req.param("name")}/${c.req.param("type")}`);
  return { zone, set };
}

function view(zone: Readonly<Zone>, set: RecordSet): object {
  const { name, type, ttl, labels, records } = set;
  return {
    ...{ id: `${name}/${type}`, name, type, ttl, labels, records },
    ...{ protection: { change: set.changeProtection }, zone: zone.id },
  };
}
