import type { PlanConfig } from "../config/keys";
import { imageWarnings } from "./images";
import { hasOwnBalancer, nodeNumber } from "./machines";
import { releaseLine } from "./releases";

/** What the administrator ought to know before anything is done. */
export function warnings(config: PlanConfig): string[] {
  const { release, nodes, nodeSettings, adminCidrs, extraRules } = config;
  const releases = new Set([release, ...Object.values(nodeSettings).flatMap((own) => own.release ?? [])]);
  const unused = Object.keys(nodeSettings).filter((name) => nodeNumber(name) > nodes);
  return [
    ...[...releases].flatMap((each) => {
      const { warning } = releaseLine(each);
      return warning === undefined ? [] : [`BigBlueButton ${each} ${warning}`];
    }),
    ...unused.map((name) => `nodeSettings.${name} has no effect: nodes is ${nodes}`),
    ...adminCidrs.filter(isEverybody).map((cidr) => `adminCidrs: ${cidr} lets everybody try SSH`),
    ...extraRules
      .filter(({ protocol, port, from }) => protocol === "tcp" && isWithin(22, port) && from.some(isEverybody))
      .map(({ why }) => `extraRules: "${why}" lets everybody try SSH`),
    ...(hasOwnBalancer(config) && config.backup === undefined ? [withoutBackup] : []),
    ...imageWarnings(config),
  ];
}

const withoutBackup =
  "backup is not set: recordings, and who closed which node, are gone with the load balancer's machine";

/** Whether a network is so large (128.0.0.0/1, 2000::/3) that strangers are in it, whatever its owner meant. */
function isEverybody(cidr: string): boolean {
  return Number(cidr.split("/")[1]) < (cidr.includes(":") ? 16 : 8);
}

function isWithin(port: number, ports: string): boolean {
  const [first = 0, last = first] = ports.split("-").map(Number);
  return first <= port && port <= last;
}
