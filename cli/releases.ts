import { type Cluster, type ClusterNode, clientAddress } from "../checks/cluster";
import type { Releases } from "../checks/plan";
import { request, text } from "../checks/request";
import { type FindRelease, toldRelease } from "../checks/status";
import type { Vantage } from "../checks/vantage";
import type { Ssh } from "./ssh";

const releaseFile = "/etc/bigbluebutton/bigbluebutton-release";

/** Finds a node's release out by SSH, where that is open; null where it is not. */
export function releaseBySsh(ssh: Ssh | null, vantage: Vantage): FindRelease {
  return async (node) => {
    if (ssh === null || !(await vantage.hasSsh(node))) return null;
    const answer = await ssh(node.name, `cat ${releaseFile}`).catch(() => "");
    return /^BIGBLUEBUTTON_RELEASE=(\d+(?:\.\w+){1,3}(?:[-~][\w.]{1,20})?)$/m.exec(answer)?.[1] ?? null;
  };
}

/** The releases of the nodes, by name, as far as they can be found out from here. */
export async function findReleases(cluster: Cluster, bySsh: FindRelease): Promise<Releases> {
  const found = await Promise.all(
    cluster.nodes.map(async (node) => [node.name, await findRelease(cluster, node, bySsh)] as const),
  );
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== null));
}

async function findRelease(cluster: Cluster, node: ClusterNode, bySsh: FindRelease): Promise<string | null> {
  const told = (await toldRelease(node).catch(() => null)) ?? (await bySsh(node));
  if (told !== null) return told;
  const page = await request(clientAddress(cluster, node)).then(text, () => "");
  // Releases with Meteor's client are alike for their users.
  return page.includes("__meteor_runtime_config__") ? "2.7" : null;
}
