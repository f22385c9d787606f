import { apiChecks } from "./api";
import { certificateChecks } from "./certificates";
import type { Check } from "./check";
import { clientChecks } from "./client";
import type { Cluster } from "./cluster";
import { crossOriginChecks } from "./cross-origin";
import { frontDoorChecks } from "./front-door";
import { meetingCheck } from "./meeting";
import { nameChecks } from "./names";
import { reachabilityChecks } from "./reachability";

/** Everything a user checks of a cluster, in the order of the report. */
export function userChecks(cluster: Cluster): Check[] {
  const { frontDoor, nodes } = cluster;
  return [
    ...nameChecks(cluster),
    ...certificateChecks(cluster),
    ...reachabilityChecks(cluster),
    ...frontDoorChecks(cluster),
    ...nodes.flatMap((node) => [
      ...apiChecks(frontDoor, node),
      ...clientChecks(frontDoor, node),
      ...crossOriginChecks(frontDoor, node),
      meetingCheck(frontDoor, node),
    ]),
  ];
}
