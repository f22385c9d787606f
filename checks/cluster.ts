import { nodeName, nodeNumber } from "../plan/machines";
import type { BbbApi } from "./bbb-api";
import { readOutputs } from "./outputs";

/** A machine as an outsider knows it; `hostKeys` are the pinned ones, `type base64`. What the stack does not know is null or empty. */
export interface ClusterMachine {
  name: string;
  hostname: string;
  origin: string;
  ipv4: string | null;
  ipv6: string | null;
  privateAddress: string | null;
  hostKeys: string[];
}

/** A node: a machine with a BBB API and the secret of that API. */
export interface ClusterNode extends ClusterMachine {
  api: string;
  secret: string | null;
  /** It exists, but is not in the cluster: its client is served by itself. */
  standalone: boolean;
  /** It is on its way out: closed to new meetings by the configuration. */
  draining: boolean;
  /** By what Scalelite multiplies the people on it: 1 for 8 cores, 0.5 for 16. */
  loadMultiplier: number;
}

/** What asks the load balancer for meetings: where, and with which secret. */
export interface Frontend extends BbbApi {
  name: string;
  hostname: string;
  origin: string;
  /** It has a name of its own at the cluster's own load balancer. */
  isTenant: boolean;
}

/** What the stack's outputs say exists; `origin` is where users go. */
export interface Cluster {
  origin: string;
  proxies: ClusterMachine[];
  /** The machine of the cluster's own load balancer, if it has one. */
  balancers: ClusterMachine[];
  nodes: ClusterNode[];
  frontends: Frontend[];
  /** The machine that tells a load balancer of nodes; null: there is none, and a closed node refuses new meetings itself. */
  teller: string | null;
  /** An ssh_config with pinned host keys. */
  ssh: string | null;
}

/** Where users go. */
export type ClusterOrigin = Pick<Cluster, "origin">;

/**
 * Reads the stack's outputs (`pulumi stack output --json --show-secrets`); throws one sentence naming what is missing.
 * @param loadBalancerSecret of a Scalelite, whose meetings are nobody's to make without it
 */
export function readCluster(outputs: unknown, loadBalancerSecret?: string): Cluster {
  const { url, proxies, balancers, nodes, loadBalancer, tenants, loadBalancerServers, ssh } = readOutputs(outputs);
  const keys = parseHostKeys(ssh ?? "");
  const keysOf = (name: string) => keys.get(name) ?? [];
  const withOrigin = (machine: (typeof proxies)[number]) => ({
    ...machine,
    origin: `https://${machine.hostname}`,
    hostKeys: keysOf(machine.name),
  });
  return {
    origin: new URL(url).origin,
    proxies: proxies.map(withOrigin),
    balancers: balancers.map(withOrigin),
    nodes: nodes.map(({ state, ...node }) => ({
      ...node,
      origin: new URL(node.api).origin,
      hostKeys: keysOf(node.name),
      api: node.api.replace(/\/$/, ""),
      secret: loadBalancerServers[node.hostname]?.secret ?? null,
      standalone: state === "standalone",
      draining: state === "draining",
      loadMultiplier: loadBalancerServers[node.hostname]?.load_multiplier ?? 1,
    })),
    frontends: [
      ...Object.entries(tenants).map(([name, tenant]) => frontend(name, tenant.url, tenant.secret, true)),
      ...(loadBalancer.url === null || loadBalancerSecret === undefined
        ? []
        : [frontend("load balancer", `${loadBalancer.url}/bigbluebutton/api`, loadBalancerSecret, false)]),
    ],
    teller: loadBalancer.teller,
    ssh,
  };
}

function frontend(name: string, url: string, secret: string | null, isTenant: boolean): Frontend {
  const { origin, hostname } = new URL(url);
  return { name, hostname, origin, api: url.replace(/\/$/, ""), secret, isTenant };
}

/** All machines, as people see them listed. */
export function machinesOf({ proxies, balancers, nodes }: Pick<Cluster, "proxies" | "balancers" | "nodes">) {
  return [...proxies, ...balancers, ...nodes];
}

/** Where the node's client is: on the cluster's own address, or at the node itself if that is not in the cluster. */
export function clientAddress(cluster: ClusterOrigin, { name, origin, standalone }: ClusterNode): string {
  return standalone ? `${origin}/html5client/` : `${cluster.origin}/${name}/html5client/`;
}

/** Names that no node has: the gaps up to the last node, and the one that would come next. */
export function absentNodes({ proxies, nodes }: Pick<Cluster, "proxies" | "nodes">): string[] {
  const cluster = nodes[0]?.name.replace(/-\d+$/, "") ?? proxies[0]?.name ?? "";
  const present = new Set(nodes.map((node) => nodeNumber(node.name)));
  const numbers = Array.from({ length: Math.max(0, ...present) + 1 }, (_, index) => index + 1);
  return numbers.filter((number) => !present.has(number)).map((number) => nodeName(cluster, number));
}

/** The host keys of each host of an ssh_config that stand in it. */
export function parseHostKeys(config: string): Map<string, string[]> {
  const hosts = new Map<string, string[]>();
  for (const block of config.split(/^\s*(?=Host\s)/m)) {
    const names = /^Host\s+(.+)$/m.exec(block)?.[1]?.trim().split(/\s+/) ?? [];
    const keys = [...block.matchAll(/(ssh-ed25519|ssh-rsa|ecdsa-sha2-\S+) (AAAA[A-Za-z0-9+/=]+)/g)];
    for (const name of names)
      hosts.set(
        name,
        keys.map(([, type, key]) => `${type} ${key}`),
      );
  }
  return hosts;
}
