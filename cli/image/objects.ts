import { z } from "zod";

import { idLabel, imageLabel, imagePartLabel, roleLabel } from "../../plan/cluster-id";
import type { Hcloud } from "../hcloud";

const server = z.looseObject({
  id: z.number(),
  labels: z.record(z.string(), z.string()),
  server_type: z.looseObject({ name: z.string() }),
  location: z.looseObject({ name: z.string() }),
  public_net: z.looseObject({ ipv4: z.looseObject({ ip: z.string() }).nullable() }),
});
const key = z.looseObject({ id: z.number() });
const firewall = z.looseObject({
  rules: z.array(z.looseObject({ direction: z.string(), port: z.string().nullish(), source_ips: z.array(z.string()) })),
});
const numbered = z.looseObject({ id: z.number() });

/** A server as far as a copy of it has to be like it. */
export type FoundServer = z.output<typeof server>;

/** What has a label with the cluster's id. */
const labelled = (label: string, cluster: string) => `label_selector=${encodeURIComponent(`${label}=${cluster}`)}`;

/** The server of a node; throws a sentence when the cluster has none of that name. */
export async function serverOf(api: Hcloud, cluster: string, name: string): Promise<FoundServer> {
  const [found] = await api.list(`/servers?name=${encodeURIComponent(name)}&${labelled(idLabel, cluster)}`, "servers");
  if (found === undefined) throw new Error(`there is no server ${name} of this cluster in this project at Hetzner`);
  const node = server.parse(found);
  // A proxy would be copied, disk and all, before the copy says that it has no BigBlueButton.
  if (node.labels[roleLabel] !== "node") throw new Error(`there is no server ${name} of this cluster that is a node`);
  return node;
}

/** What the API says of a server that was just made. */
export const parseServer = (found: unknown): FoundServer => server.parse(found);

/** The id of what was just made. */
export const idOf = (found: unknown): number => numbered.parse(found).id;

/** The cluster's SSH keys at Hetzner: of a server without any, root's password has expired, and nobody gets in. */
export async function sshKeysOf(api: Hcloud, cluster: string): Promise<number[]> {
  return (await api.list(`/ssh_keys?${labelled(idLabel, cluster)}`, "ssh_keys")).map((each) => key.parse(each).id);
}

/** From where the nodes let SSH in. */
export async function administratorsOf(api: Hcloud, cluster: string): Promise<string[]> {
  const found = await api.list(`/firewalls?${labelled(idLabel, cluster)}`, "firewalls");
  const rules = found.flatMap((each) => firewall.parse(each).rules);
  const ssh = rules.filter(({ direction, port }) => direction === "in" && port === "22");
  return [...new Set(ssh.flatMap(({ source_ips: sources }) => sources))];
}

/** The numbers of the images that were made of the cluster's nodes. */
export async function imagesOf(api: Hcloud, cluster: string): Promise<number[]> {
  return (await api.list(`/images?type=snapshot&${labelled(imageLabel, cluster)}`, "images")).map(idOf);
}

/** Where everything is that was needed to make an image: in the order in which it can be deleted. */
export async function partsOf(api: Hcloud, cluster: string): Promise<string[]> {
  const paths: string[] = [];
  for (const [kind, query] of [["servers"], ["firewalls"], ["images", "type=snapshot&"]] as const) {
    const found = await api.list(`/${kind}?${query ?? ""}${labelled(imagePartLabel, cluster)}`, kind);
    paths.push(...found.map((each) => `/${kind}/${idOf(each)}`));
  }
  return paths;
}
