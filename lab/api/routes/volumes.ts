import { Hono } from "hono";
import { z } from "zod";

import type { Step } from "../actions";
import { labels, name, readBody, requireFreeName } from "../body";
import { byNameOrId, locations, named } from "../catalogue";
import type { Cloud } from "../cloud";
import { ApiError, invalidInput, isProtected, refused } from "../errors";
import type { Server, Volume } from "../model";
import { disksOf } from "../volumes";
import { findUnlocked, now } from "./find";
import { addResource } from "./resource";

const sizeGb = z.int().min(10).max(10_240);
// Hetzner's machines would mount it, and format it: those of the lab do nothing by themselves.
const automount = z.literal(false, { error: "must be false in the lab, whose machines mount nothing by themselves" });
const creation = z.object({
  name,
  size: sizeGb,
  location: z.string().optional(),
  server: z.int().nullish(),
  labels: labels.default({}),
  automount: automount.optional(),
  format: z.undefined({ error: "must be left out in the lab, whose volumes are blank" }).optional(),
});
const attachment = z.object({ server: z.int(), automount: automount.optional() });

const path = "/volumes/:id/actions";

/** Disks that live on their own. */
export function volumeRoutes(cloud: Cloud): Hono {
  const { store } = cloud;
  const routes = new Hono();
  const view = (volume: Readonly<Volume>) => volumeView(volume);
  const get = addResource(routes, { key: "volume", title: "volume", collection: store.volumes, view });
  const unlocked = (id: string) => {
    const volume = get(id);
    cloud.actions.requireUnlocked(own(volume));
    return volume;
  };
  routes.post("/volumes", async (c) => {
    const body = await readBody(c, creation);
    requireFreeName("volume", store.volumes, body.name);
    const server = typeof body.server === "number" ? findUnlocked(cloud, body.server) : undefined;
    if (server && body.location !== undefined) throw invalidInput("location", "must be left out where server is given");
    const location = server?.location ?? byNameOrId(locations, body.location ?? "")?.name;
    if (!location) throw invalidInput("location", "must be a location, unless server is given");
    const { name, labels, size } = body;
    const fields = { name, labels, sizeGb: size, location, server: null, deleteProtection: false };
    const volume = store.volumes.add(() => ({ ...fields, created: now() }));
    const create = { command: "create_volume", resources: [own(volume)] };
    const [action, ...next] = cloud.actions.start([create, ...attachSteps(cloud, volume, server)], own(volume));
    return c.json({ volume: view(volume), action, next_actions: next }, 201);
  });
  routes.delete("/volumes/:id", async (c) => {
    const volume = unlocked(c.req.param("id"));
    if (volume.deleteProtection) throw isProtected("volume");
    if (volume.server !== null) {
      throw refused("service_error", `volume with ID '${volume.id}' is still attached to a server`);
    }
    store.volumes.remove(volume.id);
    await cloud.machines.removeVolume(volume.id);
    return c.body(null, 204);
  });
  addAttachment(routes, cloud, unlocked);
  addChanges(routes, cloud, unlocked);
  return routes;
}

type Get = (id: string) => Readonly<Volume>;

function addAttachment(routes: Hono, cloud: Cloud, get: Get): void {
  const { store, actions, machines } = cloud;
  routes.post(`${path}/attach`, async (c) => {
    const volume = get(c.req.param("id"));
    const server = findUnlocked(cloud, (await readBody(c, attachment)).server);
    if (volume.server !== null) {
      throw new ApiError(422, "volume_already_attached", `volume ${volume.id} is already attached, detach it first`);
    }
    if (volume.location !== server.location) {
      throw invalidInput("server", `server ${server.id} is in ${server.location}, not in ${volume.location}`);
    }
    return c.json({ action: actions.start(attachSteps(cloud, volume, server), own(volume))[0] }, 201);
  });
  routes.post(`${path}/detach`, (c) => {
    const volume = get(c.req.param("id"));
    if (volume.server === null) throw refused("service_error", `volume with ID '${volume.id}' is not attached`);
    const server = findUnlocked(cloud, volume.server);
    const action = actions.one(
      {
        ...{ command: "detach_volume", resources: [own(volume), { id: server.id, type: "server" }] },
        work: () =>
          machines.setVolumes(
            server,
            disksOf(store, server.id).filter(({ id }) => id !== volume.id),
          ),
        done: () => store.volumes.update(volume, { server: null }),
      },
      own(volume),
    );
    return c.json({ action }, 201);
  });
}

function addChanges(routes: Hono, cloud: Cloud, get: Get): void {
  const { store, actions } = cloud;
  routes.post(`${path}/resize`, async (c) => {
    const volume = get(c.req.param("id"));
    const { size } = await readBody(c, z.object({ size: sizeGb }));
    if (size <= volume.sizeGb) throw invalidInput("size", `must be more than ${volume.sizeGb}, got ${size}`);
    const action = actions.one(
      {
        ...{ command: "resize_volume", resources: [own(volume)] },
        work: () => showSize(cloud, volume, size),
        done: () => store.volumes.update(volume, { sizeGb: size }),
      },
      own(volume),
    );
    return c.json({ action }, 201);
  });
  routes.post(`${path}/change_protection`, async (c) => {
    const volume = get(c.req.param("id"));
    const body = await readBody(c, z.object({ delete: z.boolean().optional() }));
    store.volumes.update(volume, { deleteProtection: body.delete });
    return c.json({ action: actions.one({ command: "change_protection", resources: [own(volume)] }) }, 201);
  });
}

/** On file at once, so that a machine that boots meanwhile has it. */
function attachSteps({ store, machines }: Cloud, volume: Readonly<Volume>, server?: Readonly<Server>): Step[] {
  if (!server) return [];
  store.volumes.update(volume, { server: server.id });
  const step: Step = {
    ...{ command: "attach_volume", resources: [own(volume), { id: server.id, type: "server" }] },
    work: () => machines.setVolumes(server, disksOf(store, server.id)),
    failed: () => store.volumes.update(volume, { server: null }),
  };
  return [step];
}

/** One that no machine has grows when one gets it. */
async function showSize({ store, machines }: Cloud, volume: Readonly<Volume>, sizeGb: number): Promise<void> {
  const server = store.servers.get(volume.server ?? 0);
  if (!server) return;
  const disks = disksOf(store, server.id).map((disk) => (disk.id === volume.id ? { ...disk, sizeGb } : disk));
  await machines.setVolumes(server, disks);
}

function own({ id }: Readonly<Volume>) {
  return { id, type: "volume" };
}

function volumeView(volume: Readonly<Volume>): object {
  const { id, name, labels, created, server } = volume;
  return {
    ...{ id, name, labels, created, server, status: "available", size: volume.sizeGb, format: null },
    ...{ location: named(locations, volume.location), protection: { delete: volume.deleteProtection } },
    linux_device: `/dev/disk/by-id/scsi-0HC_Volume_${id}`,
  };
}
