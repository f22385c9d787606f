import type { Context } from "hono";
import { Hono } from "hono";
import { z } from "zod";

import { labels, name, readBody } from "../body";
import type { Image } from "../catalogue";
import type { Cloud } from "../cloud";
import { ApiError, invalidInput, notFound, refused } from "../errors";
import { addSnapshot, allImages } from "../images";
import { list } from "../listing";
import { findUnlocked, now } from "./find";

const change = z.object({ description: name.optional(), labels: labels.optional() });
const creation = z.object({
  type: z.enum(["snapshot", "backup"]).default("snapshot"),
  description: z.string().default(""),
  labels: labels.default({}),
});

/** Images: those of the catalogue, and snapshots that are made of servers. */
export function imageRoutes(cloud: Cloud): Hono {
  const routes = new Hono();
  routes.get("/images", (c) => list(c, "images", matching(c, allImages(cloud.store)), imageView));
  routes.get("/images/:id", (c) => c.json({ image: imageView(entry(c, allImages(cloud.store))) }));
  routes.put("/images/:id", async (c) => {
    const snapshot = own(c, cloud);
    cloud.store.snapshots.update(snapshot, await readBody(c, change));
    return c.json({ image: imageView(snapshot) });
  });
  routes.delete("/images/:id", async (c) => {
    const { id, status } = own(c, cloud);
    if (status === "creating") throw new ApiError(423, "locked", `image ${id} is still being created`);
    cloud.store.snapshots.remove(id);
    await cloud.machines.removeSnapshot(id);
    return c.body(null, 204);
  });
  routes.post("/servers/:id/actions/create_image", (c) => createImage(c, cloud));
  return routes;
}

/** An image as the API shows it. */
export function imageView(image: Image): object {
  const { id, status, name, description, diskGb, created, createdFrom } = image;
  const type = imageType(image);
  const isSnapshot = type === "snapshot";
  return {
    ...{ id, type, status, name, description },
    ...{ image_size: isSnapshot && status === "available" ? 1.4 : null, disk_size: diskGb, created },
    ...{ created_from: createdFrom, bound_to: null },
    ...{ os_flavor: image.osFlavor, os_version: image.osVersion, architecture: "x86", rapid_deploy: !isSnapshot },
    ...{ protection: { delete: false }, deprecated: null, deleted: null, labels: image.labels },
  };
}

/** The server is locked while its disk is copied; a copy that fails leaves no image. */
async function createImage(c: Context, cloud: Cloud): Promise<Response> {
  const server = findUnlocked(cloud, c.req.param("id") ?? "");
  const { type, description, labels } = await readBody(c, creation);
  if (type === "backup") throw invalidInput("type", "must be snapshot: the lab has no backups");
  const { snapshots } = cloud.store;
  const image = addSnapshot(cloud, server, { description, labels, created: now() });
  const resource = { id: server.id, type: "server" };
  const action = cloud.actions.one(
    {
      ...{ command: "create_image", resources: [resource, { id: image.id, type: "image" }] },
      work: () => cloud.machines.snapshot(server, image.id),
      done: () => snapshots.update(image, { status: "available" }),
      failed: () => snapshots.remove(image.id),
    },
    resource,
  );
  return c.json({ image: imageView(image), action }, 201);
}

function imageType({ name }: Image): string {
  return name === null ? "snapshot" : "system";
}

function matching(c: Context, images: Image[]): Image[] {
  const types = c.req.queries("type") ?? ["system", "snapshot"];
  const architectures = c.req.queries("architecture") ?? ["x86"];
  const states = c.req.queries("status") ?? ["available", "creating"];
  if (!architectures.includes("x86")) return [];
  return images.filter((image) => types.includes(imageType(image)) && states.includes(image.status));
}

function entry<T extends { id: number }>(c: Context, images: readonly T[]): T {
  const id = c.req.param("id") ?? "";
  const found = images.find((image) => String(image.id) === id);
  if (!found) throw notFound("image", id);
  return found;
}

/** One that was made here: the others are Hetzner's, or somebody else's work. */
function own(c: Context, { store }: Cloud) {
  const { id } = entry(c, allImages(store));
  const found = store.snapshots.get(id);
  if (!found) throw refused("protected", `image ${id} is not one of this lab's snapshots`);
  return found;
}
