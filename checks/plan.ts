import { apiChecks, xmlCheck } from "./api";
import { certificateChecks } from "./certificates";
import { type Check, unless } from "./check";
import { clientChecks } from "./client";
import type { Cluster, ClusterNode, ClusterOrigin } from "./cluster";
import { crossOriginChecks } from "./cross-origin";
import { diskCheck } from "./disk";
import { frontDoorChecks } from "./front-door";
import { frontendChecks } from "./frontends";
import { nameChecks } from "./names";
import { proxyChecks } from "./proxy";
import { reachabilityChecks } from "./reachability";
import { featuresOf } from "./release";
import { sessionChecks } from "./session/checks";
import { Meetings } from "./session/meetings";
import { Vantage } from "./vantage";

/** The BigBlueButton releases of the nodes, by name, as far as they are known. */
export type Releases = Readonly<Record<string, string>>;

/** What is known beforehand, and what may be done. */
export interface Circumstances {
  releases?: Releases;
  vantage?: Vantage;
  /** Where the meetings are noted that are made; null: none are made. */
  meetings?: Meetings | null;
}

/** Everything a user checks of a cluster, in the order of the report. */
export function userChecks(cluster: Cluster, circumstances: Circumstances = {}): Check[] {
  const { releases = {}, vantage = new Vantage(), meetings = new Meetings() } = circumstances;
  return [
    ...nameChecks(cluster),
    ...certificateChecks(cluster, vantage),
    ...reachabilityChecks(cluster, vantage),
    ...proxyChecks(cluster),
    ...frontDoorChecks(cluster, vantage),
    ...frontendChecks(cluster, vantage, meetings),
    ...cluster.nodes.flatMap((node) =>
      node.standalone ? [standaloneCheck(node)] : nodeChecks(cluster, node, releases[node.name], meetings),
    ),
  ];
}

/** What depends on the configuration of one node; `release` such as 3.0.30. */
export function nodeChecks(
  cluster: ClusterOrigin,
  node: ClusterNode,
  release?: string,
  meetings: Meetings | null = new Meetings(),
): Check[] {
  const features = featuresOf(release);
  return [
    ...apiChecks(cluster, node, features),
    diskCheck(node),
    ...clientChecks(cluster, node, features),
    ...crossOriginChecks(cluster, node, features),
    ...(meetings ? sessionChecks(cluster, node, features, meetings) : []),
  ];
}

/** What has to hold before a node takes meetings again; one of verification's own may be held while it is closed. */
export function serviceChecks(
  cluster: ClusterOrigin,
  node: ClusterNode,
  release: string | undefined,
  meetings: Meetings,
): Check[] {
  return node.standalone ? [xmlCheck(node)] : nodeChecks(cluster, node, release, meetings);
}

function standaloneCheck({ name }: ClusterNode): Check {
  return unless("it is not in service (standalone)", {
    name: `${name}: API, client and meetings`,
    expected: "served as a node of the cluster",
    run: () => Promise.resolve(""),
  });
}
