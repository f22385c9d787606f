import { apiChecks } from "./api";
import { certificateChecks } from "./certificates";
import type { Check } from "./check";
import { clientChecks } from "./client";
import type { Cluster, ClusterMachine, ClusterNode } from "./cluster";
import { crossOriginChecks } from "./cross-origin";
import { meetingCheck } from "./meeting";
import { nameChecks } from "./names";
import { frontDoorChecks } from "./proxy";
import { reachabilityChecks } from "./reachability";
import { featuresOf } from "./release";
import { sessionChecks } from "./session/checks";

/** The BigBlueButton releases of the nodes, by name, as far as they are known. */
export type Releases = Readonly<Record<string, string>>;

/** Everything a user checks of a cluster, in the order of the report. */
export function userChecks(cluster: Cluster, releases: Releases = {}): Check[] {
  const { frontDoor, nodes } = cluster;
  return [
    ...nameChecks(cluster),
    ...certificateChecks(cluster),
    ...reachabilityChecks(cluster),
    ...frontDoorChecks(cluster),
    ...nodes
      .filter(({ standalone }) => !standalone)
      .flatMap((node) => nodeChecks(frontDoor, node, releases[node.name])),
  ];
}

/** What depends on the configuration of one node; `release` such as 3.0.30, the newest if it is not known. */
export function nodeChecks(frontDoor: ClusterMachine, node: ClusterNode, release?: string): Check[] {
  const features = featuresOf(release);
  return [
    ...apiChecks(frontDoor, node, features),
    ...clientChecks(frontDoor, node, features),
    ...crossOriginChecks(frontDoor, node, features),
    meetingCheck(frontDoor, node, features),
    ...sessionChecks(frontDoor, node, features),
  ];
}
