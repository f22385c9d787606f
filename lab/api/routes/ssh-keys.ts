import { createHash } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";

import { labels, name, readBody, requireFreeName } from "../body";
import type { Cloud } from "../cloud";
import { invalidInput, notUnique } from "../errors";
import type { SshKey } from "../model";
import { now } from "./find";
import { addResource } from "./resource";

const creation = z.object({ name, public_key: z.string(), labels: labels.default({}) });

/** SSH keys: a name and a key may each be there only once. */
export function sshKeyRoutes({ store }: Cloud): Hono {
  const routes = new Hono();
  const kind = { key: "ssh_key", title: "ssh key", collection: store.sshKeys, view };
  const get = addResource(routes, { ...kind, filters: ["fingerprint"] });
  routes.post("/ssh_keys", async (c) => {
    const body = await readBody(c, creation);
    requireFreeName("ssh key", store.sshKeys, body.name);
    const publicKey = body.public_key.trim();
    const fingerprint = fingerprintOf(publicKey);
    if (store.sshKeys.all().some((key) => key.fingerprint === fingerprint)) {
      throw notUnique("public_key", "SSH key with the same fingerprint already exists");
    }
    const fields = { name: body.name, labels: body.labels, created: now(), publicKey, fingerprint };
    return c.json({ ssh_key: view(store.sshKeys.add(() => fields)) }, 201);
  });
  routes.delete("/ssh_keys/:id", (c) => {
    store.sshKeys.remove(get(c.req.param("id")).id);
    return c.body(null, 204);
  });
  return routes;
}

function view(key: Readonly<SshKey>): object {
  const { id, name, fingerprint, publicKey, labels, created } = key;
  return { id, name, fingerprint, public_key: publicKey, labels, created };
}

function fingerprintOf(publicKey: string): string {
  const [type = "", blob = ""] = publicKey.split(/\s+/);
  const bytes = Buffer.from(blob, "base64");
  if (bytes.length < 20 || bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString() !== type) {
    throw invalidInput("public_key", "must be an OpenSSH public key such as 'ssh-ed25519 AAAA…'");
  }
  const digest = createHash("md5").update(bytes).digest("hex");
  return (digest.match(/../g) ?? []).join(":");
}
