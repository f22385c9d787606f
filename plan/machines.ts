import type { PlanConfig } from "../config/keys";
import { mostNodes, mostProxies, privateAddress, proxyAddresses } from "./addresses";
import { hostRules, planFlows, type Role } from "./flows";
import { hasFrontDoorBalancer } from "./front-door";
import { type NodeState, stateOf } from "./node-state";

/** Everything that a machine must be, before anything exists. */
export interface MachineSpec {
  /** bbb-01: first part of its host name, and of the names of its resources here and at Hetzner. */
  name: string;
  role: Role;
  /** bbb-01.example.com */
  hostname: string;
  /** Other names that lead to it. */
  aliases: readonly string[];
  /** 10.0.1.11 */
  privateAddress: string;
  /** Spread placement groups take ten servers each. */
  placementGroup: string;
  location: string;
  /** Hetzner server type; a change is for new machines. */
  type: string;
  /** Name or number of the image; a change is for new machines. */
  image: string;
  /** What its own firewall lets in, as rows such as `tcp 22 203.0.113.7/32`. */
  open: readonly string[];
  /** TCP ports of which its own firewall remembers no connection. */
  untracked?: readonly string[];
  /** Public keys that may log in as root, besides Pulumi's own. */
  sshPublicKeys: readonly string[];
  /** It is shut down before it is deleted, and not just switched off. */
  stopsBeforeDeletion: boolean;
  /** The zone that gets its A and AAAA records; none when DNS is kept elsewhere. */
  zone?: string;
  /** Pulumi refuses to delete it and anything that belongs to it. */
  protect: boolean;
}

const serversPerPlacementGroup = 10;

/** The names of the nodes that shall exist with their states, in ascending order; none depends on the others. */
export function nodeStates(cluster: string, config: PlanConfig): [name: string, state: NodeState][] {
  const names = Array.from({ length: config.nodes }, (_, index) => nodeName(cluster, index + 1));
  return names.flatMap<[string, NodeState]>((name) => {
    const state = stateOf(name, config);
    return state === "absent" || state === "abandoned" ? [] : [[name, state]];
  });
}

/** bbb-07 is the seventh node of the cluster bbb. */
export function nodeName(cluster: string, number: number): string {
  return `${cluster}-${String(number).padStart(2, "0")}`;
}

/** The number in a node's name: 7 for bbb-07. */
export function nodeNumber(name: string): number {
  return Number(name.slice(-2));
}

/** Whether the load balancer is a machine of the cluster. */
export function hasOwnBalancer({ loadBalancer }: Pick<PlanConfig, "loadBalancer">): boolean {
  return loadBalancer.kind === "bbblb";
}

/** The proxies' machines, the first of which has the cluster's name, however many there are. */
export function proxyMachines(cluster: string, config: PlanConfig): MachineSpec[] {
  return Array.from({ length: config.proxies }, (_, index) => {
    return {
      ...common(proxyName(cluster, index + 1), "proxy", config),
      // The only one is known by the cluster's name alone; of several each needs one that leads nowhere else.
      ...(hasFrontDoorBalancer(config) ? { hostname: `${ownProxyLabel(cluster, index + 1)}.${config.domain}` } : {}),
      privateAddress: privateAddress("proxy", index + 1),
      placementGroup: `${cluster}-proxies`,
      type: config.proxyType,
      image: config.proxyImage,
      // Everybody's, the load balancer's, and the one behind its cache.
      untracked: ["80", "443", "8480", "8481", "8482"],
      stopsBeforeDeletion: hasFrontDoorBalancer(config),
    };
  });
}

/** The name of the first, second … proxy's machine. */
function proxyName(cluster: string, number: number): string {
  return number === 1 ? cluster : ownProxyLabel(cluster, number);
}

/** bbb-proxy-01: of several proxies, where its own host name begins. */
function ownProxyLabel(cluster: string, number: number): string {
  return `${cluster}-proxy-${String(number).padStart(2, "0")}`;
}

/** All names that machines of a cluster can have. */
export function machineNames(cluster: string): string[] {
  const upTo = (most: number, name: (cluster: string, number: number) => string) =>
    Array.from({ length: most }, (_, index) => name(cluster, index + 1));
  return [...upTo(mostProxies, proxyName), balancerName(cluster), ...upTo(mostNodes, nodeName)];
}

/** All labels with which host names of a cluster's machines can begin. */
export function machineLabels(cluster: string): string[] {
  return [...machineNames(cluster), ownProxyLabel(cluster, 1)];
}

/** The name of the machine of the cluster's own load balancer. */
export function balancerName(cluster: string): string {
  return `${cluster}-lb`;
}

/** The load balancer's machine, to which its tenants' hosts lead. */
export function balancerMachine(cluster: string, config: PlanConfig): MachineSpec {
  return {
    ...common(balancerName(cluster), "balancer", config),
    aliases: config.tenants.map(({ host }) => host),
    privateAddress: privateAddress("loadBalancer", 1),
    // Never on one host with the proxy.
    placementGroup: `${cluster}-proxies`,
    type: config.balancerType,
    image: config.balancerImage,
    // What is on its volume is to be whole.
    stopsBeforeDeletion: true,
  };
}

/** The machine of a node, of the configuration as that node sees it. */
export function nodeMachine(cluster: string, name: string, config: PlanConfig): MachineSpec {
  const number = nodeNumber(name);
  return {
    ...common(name, "node", config),
    privateAddress: privateAddress("node", number),
    placementGroup: `${cluster}-nodes-${Math.ceil(number / serversPerPlacementGroup)}`,
    type: config.nodeSettings[name]?.type ?? config.nodeType,
    image: config.nodeImage,
    protect: config.nodeSettings[name]?.protect ?? (config.protect && stateOf(name, config) !== "draining"),
  };
}

function common(name: string, role: Role, config: PlanConfig) {
  const { domain, location, sshPublicKeys, dns, zone = domain, protect } = config;
  const networks = {
    administrators: config.adminCidrs,
    proxy: proxyAddresses,
    frontDoor: [privateAddress("hetznerLoadBalancer", 1)],
    balancer: hasOwnBalancer(config) ? [privateAddress("loadBalancer", 1)] : [],
  };
  return {
    name,
    role,
    hostname: `${name}.${domain}`,
    aliases: [],
    location,
    open: hostRules(role, planFlows(config), networks),
    sshPublicKeys,
    stopsBeforeDeletion: false,
    ...(dns === "hetzner" ? { zone } : {}),
    protect,
  };
}
