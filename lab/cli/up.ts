import { defineCommand } from "citty";

import { UsageError } from "../../cli/command-line";
import { withLock } from "../fabric/lock";
import { startLab } from "../fabric/start";
import { bringUp } from "../stack/bring-up";
import { type LoadBalancerKind, loadBalancerKinds } from "../stack/load-balancer";
import { openLog } from "../stack/log";
import { labArgs, labOf } from "./command";

/** `up`: the cloud and the cluster in it, or the cluster changed to other values; running it again converges. */
export const command = defineCommand({
  meta: { name: "up", description: "start the cloud and bring the cluster up in it, or to other values" },
  args: {
    ...labArgs,
    nodes: { type: "string", valueHint: "N", description: "how many nodes" },
    proxies: {
      type: "string",
      valueHint: "N",
      description: "how many proxies; two or more are behind a load balancer",
    },
    release: { type: "string", valueHint: "R", description: "which release of BigBlueButton" },
    "load-balancer": {
      type: "string",
      valueHint: "KIND",
      description: "who is told of nodes: none, scalelite or bbblb",
    },
    domain: { type: "string", valueHint: "D", description: "the domain of a new lab (default: cluster.test)" },
    "cloud-only": { type: "boolean", description: "start the cloud, without a cluster" },
  },
  async run({ args }) {
    const lab = labOf(args);
    const log = openLog(lab);
    const { nodes, proxies, release, domain } = args;
    const loadBalancer = readLoadBalancer(args["load-balancer"]);
    if (domain !== undefined && !/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/.test(domain)) {
      throw new UsageError(`--domain must be a domain name in lower case such as cluster.test, got "${domain}"`);
    }
    const status = await withLock(lab, "up", log.line, () =>
      args["cloud-only"]
        ? startLab(lab, log.line, domain).then(() => 0)
        : bringUp(lab, { nodes, proxies, release, domain, loadBalancer }, log),
    ).finally(log.clear);
    if (log.file) process.stderr.write(`the lab's log: ${log.file}\n`);
    return status;
  },
});

/** Which load balancer was asked for; undefined: as it is. */
export function readLoadBalancer(kind: string | undefined): LoadBalancerKind | undefined {
  const known = loadBalancerKinds.find((each) => each === kind);
  if (kind !== undefined && known === undefined) {
    throw new UsageError(`--load-balancer must be none, scalelite or bbblb, got "${kind}"`);
  }
  return known;
}
