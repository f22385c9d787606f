import type { PlanConfig } from "../config/keys";
import type { BackupSpec } from "./balancer/backup";
import { playerRequest } from "./balancer/player";
import { balancerRequest, type ConfigureBalancerRequest } from "./balancer/request";
import type { Tenant } from "./balancer/secrets";
import { type Flow, planFlows } from "./flows";
import { type FrontDoorSpec, frontDoorHostname, planFrontDoor } from "./front-door";
import {
  abandonedNodes,
  isBalanced,
  type LoadBalancerSpec,
  type MembershipSpec,
  planLoadBalancer,
  planMemberships,
  planRecordings,
} from "./load-balancer";
import { balancerMachine, hasOwnBalancer, type MachineSpec, nodeMachine, nodeStates, proxyMachines } from "./machines";
import { maintenanceWindow, proxyMaintenance } from "./maintenance";
import type { RouteRequest, ServiceRequest } from "./member-requests";
import { type MonitoringSpec, planMonitoring } from "./monitoring";
import { type NetworkSpec, planNetwork } from "./network";
import { type LocalFile, localFiles } from "./node/administrator-files";
import { configOfNode } from "./node/own-config";
import { nodeRequest } from "./node/request";
import type { SecretKeys } from "./node/secret-overrides";
import { type NodeState, serviceState } from "./node-state";
import { proxyRequest } from "./proxy/request";
import { routeRequest } from "./proxy/route";
import type { CertificateSettings, ConfigureNodeRequest, ConfigureProxyRequest } from "./requests";
import { balancerVolume, type VolumeSpec } from "./volumes";
import { warnings } from "./warnings";

/** A proxy: its machine, and what it is asked to be. */
export interface ProxySpec {
  machine: MachineSpec;
  request: ConfigureProxyRequest;
}

/** The cluster's own load balancer: its machine, what it is asked to be, and for whom. */
export interface BalancerSpec {
  machine: MachineSpec;
  request: ConfigureBalancerRequest;
  volume: VolumeSpec;
  tenants: readonly Tenant[];
  /** Undefined: it is not backed up. */
  backup: BackupSpec | undefined;
}

/** A BigBlueButton node: its machine, its place in the cluster, and what it is asked to be. */
export interface NodeSpec {
  machine: MachineSpec;
  state: NodeState;
  request: ConfigureNodeRequest;
  service: ServiceRequest;
  /** Its settings that are secrets: their names. */
  secretOverrides: SecretKeys;
}

/** The way from one proxy to one node. */
export interface RouteSpec {
  /** bbb-01-route-on-bbb: what the command on the proxy is called. */
  name: string;
  /** Names of the machines. */
  proxy: string;
  node: string;
  request: RouteRequest;
}

/** Everything that a cluster must be: a value without secrets, to be printed, compared and built. */
export interface ClusterPlan {
  /** First part of every name here and at Hetzner. */
  name: string;
  /** What cannot be changed on a running cluster. */
  identity: { domain: string; location: string };
  network: NetworkSpec;
  placementGroups: string[];
  /** What goes to every node from here, with the host programs. */
  localFiles: LocalFile[];
  machines: MachineSpec[];
  /** What users see of the proxies. */
  frontDoor: FrontDoorSpec;
  proxies: ProxySpec[];
  /** None where the load balancer is somebody else's, or nobody. */
  balancers: BalancerSpec[];
  nodes: NodeSpec[];
  /** Names of nodes that are given up: they go without being asked. */
  abandoned: string[];
  routes: RouteSpec[];
  loadBalancer: LoadBalancerSpec;
  /** None where nobody is told when nodes come and go. */
  memberships: MembershipSpec[];
  /** None where nobody may ask for metrics. */
  monitoring: MonitoringSpec[];
  /** Who may talk to whom. */
  flows: readonly Flow[];
  /** What the administrator ought to know before anything is done. */
  warnings: string[];
}

/**
 * Plans a cluster.
 * @param name a host label such as bbb, the first part of all its names
 * @param secrets names of the overrides that are secrets; their values are not in the configuration
 */
export function planCluster(name: string, config: PlanConfig, secrets: SecretKeys = {}): ClusterPlan {
  const frontDoor = planFrontDoor(name, config);
  const proxies = planProxies(proxyMachines(name, config), frontDoor, config);
  const nodes = nodeStates(name, config).map(([node, state]) => {
    const own = configOfNode(node, config);
    return planNode(nodeMachine(name, node, own), state, name, own, secrets);
  });
  const balancers = hasOwnBalancer(config) ? [planBalancer(balancerMachine(name, config), nodes, config)] : [];
  const machines = [...proxies, ...balancers, ...nodes].map(({ machine }) => machine);
  return {
    name,
    identity: { domain: config.domain, location: config.location },
    network: planNetwork(name, config),
    placementGroups: [...new Set(machines.map(({ placementGroup }) => placementGroup))],
    localFiles: localFiles(config),
    machines,
    frontDoor,
    proxies,
    balancers,
    nodes,
    abandoned: abandonedNodes(config),
    routes: proxies.flatMap((proxy) => planRoutes(proxy, nodes)),
    loadBalancer: planLoadBalancer(name, balancers[0]?.machine.name ?? name, config),
    memberships: planMemberships(
      nodes.map(({ machine }) => machine),
      config,
    ),
    monitoring: planMonitoring(machines, frontDoor.hostname, config),
    flows: planFlows(config),
    warnings: warnings(config),
  };
}

function planNode(
  machine: MachineSpec,
  state: NodeState,
  cluster: string,
  config: PlanConfig,
  secrets: SecretKeys,
): NodeSpec {
  const { name: node, hostname: nodeHostname } = machine;
  const names = { node, nodeHostname, proxyHostname: frontDoorHostname(cluster, config) };
  const request = nodeRequest(names, state, config, certificateSettings(config));
  const recordings = planRecordings(cluster, config);
  const service = {
    ...{ node, state: serviceState(node, config), balanced: isBalanced(config) },
    ...(recordings && { recordings }),
  };
  return { machine, state, request, service, secretOverrides: state === "standalone" ? {} : secrets };
}

function planProxies(machines: MachineSpec[], { hostname }: FrontDoorSpec, config: PlanConfig): ProxySpec[] {
  return machines.map((machine, index) => ({
    machine,
    request: proxyRequest(hostname, certificateSettings(config), {
      maintenance: proxyMaintenance(config, index),
      logDays: config.logDays,
      repair: config.repair[machine.name] ?? "",
      names: machine.hostname === hostname ? [] : [machine.hostname],
      peers: machines.filter((other) => other !== machine).map(({ privateAddress }) => privateAddress),
    }),
  }));
}

function planBalancer(machine: MachineSpec, nodes: readonly NodeSpec[], config: PlanConfig): BalancerSpec {
  const { tenants, logDays, balancerVolumeSize } = config;
  const repair = config.repair[machine.name] ?? "";
  const player = playerRequest(nodes.map(({ request }) => request));
  const settings = { maintenance: maintenanceWindow(config), logDays, repair, tenants, player };
  const volume = balancerVolume(machine.name, balancerVolumeSize);
  return {
    machine,
    volume,
    tenants,
    backup: config.backup,
    request: balancerRequest(machine.hostname, certificateSettings(config), settings),
  };
}

/** A standalone node serves its client by itself. */
function planRoutes(proxy: ProxySpec, nodes: readonly NodeSpec[]): RouteSpec[] {
  return nodes
    .filter(({ state }) => state !== "standalone")
    .map(({ machine, request: { release } }) => ({
      name: `${machine.name}-route-on-${proxy.machine.name}`,
      proxy: proxy.machine.name,
      node: machine.name,
      request: routeRequest(proxy.request.hostname, machine, release, proxy.request.repair),
    }));
}

function certificateSettings({ acmeEmail, acmeDirectory, extraCaCertificates }: PlanConfig): CertificateSettings {
  return { email: acmeEmail, acmeDirectory: acmeDirectory ?? null, caCertificates: extraCaCertificates };
}
