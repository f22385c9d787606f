import { idLabel } from "../../plan/cluster-id";
import type { Found, Hcloud } from "../hcloud";
import { ownerOf, partIdOf, partsOf } from "./parts";
import type { Resource } from "./state";

/** An object at Hetzner. */
export interface CloudObject {
  /** Pulumi's type and id of it. */
  type: string;
  id: string;
  /** By which the resource is known that is this object. */
  identity: string;
  /** By which a resource is known that wants it, before it has an id. */
  key: string;
  /** How people call it: `server bbb-01`. */
  title: string;
  name: string;
  /** Its place in the API; none for a part of another object. */
  path?: string;
  /** Of a server: off, running …, and where it is reached. */
  status?: string;
  ipv4?: string;
}

interface Kind {
  noun: string;
  type: string;
  /** The list's path and key, and the key of one. */
  path: string;
  one: string;
}

const kind = (noun: string, type: string, path: string, one: string): Kind => ({
  ...{ noun, type: `hcloud:index/${type}`, path, one },
});

/** In the order in which they can be deleted: what others use comes after them. */
const kinds: readonly Kind[] = [
  kind("server", "server:Server", "servers", "server"),
  kind("load balancer", "loadBalancer:LoadBalancer", "load_balancers", "load_balancer"),
  kind("address", "primaryIp:PrimaryIp", "primary_ips", "primary_ip"),
  kind("volume", "volume:Volume", "volumes", "volume"),
  kind("firewall", "firewall:Firewall", "firewalls", "firewall"),
  kind("placement group", "placementGroup:PlacementGroup", "placement_groups", "placement_group"),
  kind("network", "network:Network", "networks", "network"),
  kind("SSH key", "sshKey:SshKey", "ssh_keys", "ssh_key"),
];
const recordType = "hcloud:index/zoneRrset:ZoneRrset";
const attachmentType = "hcloud:index/serverNetwork:ServerNetwork";
const reverseType = "hcloud:index/rdns:Rdns";

/** Everything at Hetzner that has the label of one of these clusters, and the parts of it. */
export async function objectsOf(api: Hcloud, ids: readonly string[], zones: readonly string[]): Promise<CloudObject[]> {
  const selector = `label_selector=${encodeURIComponent(`${idLabel} in (${ids.join(",")})`)}`;
  const numbered = kinds.map(async (each) =>
    (await api.list(`/${each.path}?${selector}`, each.path)).flatMap((found) => numberedObjects(each, found)),
  );
  const records = zones.map(async (zone) =>
    (await api.list(`/zones/${zone}/rrsets?${selector}`, "rrsets")).map((found) => recordObject(zone, found)),
  );
  return (await Promise.all([...numbered, ...records])).flat();
}

function numberedObjects({ noun, type, path, one }: Kind, found: Found): CloudObject[] {
  const { id, name, status, public_net: net } = found;
  const ipv4 = (net as { ipv4?: { ip?: string } } | undefined)?.ipv4?.ip;
  const object = {
    ...{ type, id: String(id), identity: `${type} ${id}`, key: `${type} ${name}` },
    ...{ title: `${noun} ${name}`, name: String(name) },
    path: `/${path}/${id}`,
    ...(typeof status === "string" ? { status } : {}),
    ...(ipv4 === undefined ? {} : { ipv4 }),
  };
  const parts = partsOf(one, found).map((part) => {
    const identity = identityOf(part);
    return { ...part, identity, key: identity };
  });
  return [object, ...parts];
}

function recordObject(zone: string, { name, type }: Found): CloudObject {
  const id = `${name}/${type}`;
  const identity = `${recordType} ${zone}/${id}`;
  const path = `/zones/${zone}/rrsets/${id}`;
  return { type: recordType, id, identity, key: identity, title: `record ${name} ${type}`, name: String(name), path };
}

/** What makes a resource the same one as an object; the ids of records do not name their zone. */
export function identityOf({ type, id, inputs }: Pick<Resource, "type" | "id" | "inputs">): string {
  return type === recordType ? `${type} ${inputs?.["zone"]}/${id}` : `${type} ${id}`;
}

/** The key of the object that a resource wants. */
export function keyOf({ type, inputs = {} }: Resource): string {
  const { name, zone, type: recordsType } = inputs;
  if (type === recordType) return `${type} ${zone}/${name}/${recordsType}`;
  return `${type} ${partIdOf({ type, inputs }) ?? name}`;
}

/** The zones in which resources have records. */
export function zonesOf(resources: readonly Resource[]): string[] {
  const zones = resources.filter(({ type }) => type === recordType).map(({ inputs }) => String(inputs?.["zone"]));
  return [...new Set(zones)];
}

/** The ids of the clusters that resources belong to. */
export function clusterIdsOf(resources: readonly Resource[]): string[] {
  const ids = resources.map(({ inputs }) => (inputs?.["labels"] as Record<string, string> | undefined)?.[idLabel]);
  return [...new Set(ids.filter((id) => typeof id === "string" && /^[0-9a-f]{16}$/.test(id)))] as string[];
}

/** Those of the resources that are gone at Hetzner; what was not found by its label is asked for one by one. */
export async function goneOf(
  api: Hcloud,
  resources: readonly Resource[],
  objects: readonly CloudObject[],
): Promise<Resource[]> {
  const there = new Set(objects.map(({ identity }) => identity));
  const lookUp: LookUp = async (resource) => there.has(identityOf(resource)) || (await isThere(api, resource));
  const known = await Promise.all(resources.map(async (each) => ((await stands(each, lookUp)) ? [] : [each])));
  return known.flat();
}

type Known = Pick<Resource, "type" | "id" | "inputs">;
type LookUp = (resource: Known) => Promise<boolean>;

/** Whether a resource's object is there; a part of others is there with them. */
async function stands(resource: Resource, lookUp: LookUp): Promise<boolean> {
  const [first = "", second = ""] = (resource.id ?? "").split("-");
  const numbered = (one: string, id: string): Known => ({
    type: kinds.find((each) => each.one === one)?.type ?? "",
    id,
  });
  if (resource.type === attachmentType) {
    return (await lookUp(numbered("server", first))) && (await lookUp(numbered("network", second)));
  }
  if (resource.type === reverseType) return first !== "p" || (await lookUp(numbered("primary_ip", second)));
  return lookUp(resource);
}

async function isThere(api: Hcloud, { type, id = "", inputs }: Known): Promise<boolean> {
  if (type === recordType) return (await api.get(`/zones/${inputs?.["zone"]}/rrsets/${id}`, "rrset")) !== undefined;
  const owner = ownerOf({ type, id });
  if (owner !== undefined) {
    const path = kinds.find(({ one }) => one === owner.one)?.path;
    const found = await api.get(`/${path}/${owner.id}`, owner.one);
    return found !== undefined && partsOf(owner.one, found).some((part) => part.id === id);
  }
  const found = kinds.find((each) => each.type === type);
  // Of another kind nobody here knows.
  return found === undefined || (await api.get(`/${found.path}/${id}`, found.one)) !== undefined;
}
