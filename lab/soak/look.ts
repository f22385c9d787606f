import { readdirSync } from "node:fs";
import { join } from "node:path";

import { readOutputs as readProductOutputs } from "../../checks/outputs";
import { callApi } from "../cli/call-api";
import { machineNames } from "../cli/disks";
import { readOutputs } from "../cli/outputs";
import type { Lab } from "../paths";
import type { Administrator } from "./administrator";
import type { CloudObject, Evidence } from "./evidence";

/** Objects by the cloud's word for their list, and by Pulumi's for their type. */
const types: Readonly<Record<string, string>> = {
  servers: "server:Server",
  networks: "network:Network",
  firewalls: "firewall:Firewall",
  primary_ips: "primaryIp:PrimaryIp",
  placement_groups: "placementGroup:PlacementGroup",
  ssh_keys: "sshKey:SshKey",
  volumes: "volume:Volume",
  rrsets: "zoneRrset:ZoneRrset",
};

const asOne = `SELECT json_build_object(
  'nodes', (SELECT coalesce(json_agg(json_build_object('node', split_part(domain, '.', 1), 'enabled', enabled) ORDER BY domain), '[]') FROM servers),
  'meetings', (SELECT coalesce(json_agg(json_build_object('room', external_id || '-bbblb-' || tenants.name, 'node', split_part(domain, '.', 1))), '[]')
    FROM meetings JOIN servers ON servers.id = server_fk JOIN tenants ON tenants.id = tenant_fk),
  'recordings', (SELECT coalesce(json_agg(record_id), '[]') FROM recordings))`;

/** What the balancer's database says. */
export async function lookAtBalancer(administrator: Administrator): Promise<Evidence["balancer"]> {
  const psql = `runuser -u bbblb -- psql --no-psqlrc --no-align --tuples-only bbblb -c "${asOne.replaceAll("\n", " ")}"`;
  return JSON.parse(await administrator.onMachine("bbb-lb", psql));
}

/** What the balancer's journal says of meetings, and of what went wrong, without its polls that went well. */
export async function balancersJournal(administrator: Administrator): Promise<string[]> {
  const text = await administrator.onMachine("bbb-lb", "journalctl --unit bbblb --no-pager --output cat");
  return text.split("\n").filter((line) => !/ INFO bbblb\.services\.poller - /.test(line));
}

/** The nodes that the stack's outputs name. */
export async function nodesOfStack(lab: Lab): Promise<string[]> {
  return readProductOutputs(await readOutputs(lab)).nodes.map(({ name }) => name);
}

/** What the cloud has, but what was there before the cluster. */
export async function lookAtCloud(lab: Lab, domain: string): Promise<CloudObject[]> {
  const lists = Object.keys(types).map(async (kind) => {
    const path = kind === "rrsets" ? `zones/${domain}/rrsets` : kind;
    // A lab without volumes says so.
    const answer = await callApi(lab, `/v1/${path}?per_page=50`).catch((error: Error) => {
      if (kind === "volumes" && error.message.includes("404")) return { volumes: [] };
      throw error;
    });
    const objects = (answer as Record<string, { id: string | number; name: string; type?: string }[]>)[kind] ?? [];
    return objects
      .filter(({ type = "" }) => !["NS", "SOA"].includes(type))
      .map(({ id, name }) => ({ kind, id: String(id), name }));
  });
  return (await Promise.all(lists)).flat();
}

/** What Pulumi's state has of that. */
export function objectsOfState(exported: string): CloudObject[] {
  const { deployment } = JSON.parse(exported) as {
    deployment: { resources?: { type: string; id?: string; urn: string }[] };
  };
  return (deployment.resources ?? []).flatMap(({ type, id = "", urn }) => {
    const kind = Object.keys(types).find((each) => type === `hcloud:index/${types[each]}`);
    return kind === undefined ? [] : [{ kind, id, name: urn.split("::").at(-1) ?? "" }];
  });
}

/** The recordings, in whichever state, that lie on the disks of nodes. */
export function recordingsOnNodes(lab: Lab): string[] {
  const ids = [...machineNames(lab)].filter(([, name]) => /^bbb-\d+$/.test(name)).map(([id]) => String(id));
  return ids.flatMap((id) => recordingsBelow(join(lab.machines, id, "upper", "var", "bigbluebutton")));
}

function recordingsBelow(folder: string): string[] {
  const kept = /^(?:recording|published|unpublished|captions|events)\/.*?([0-9a-f]{40}-\d+)/;
  try {
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return [...new Set(paths.flatMap((path) => kept.exec(path)?.[1] ?? []))];
  } catch {
    return [];
  }
}
