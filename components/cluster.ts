import * as pulumi from "@pulumi/pulumi";

import type { ClusterPlan } from "../plan/cluster";
import { idLabel } from "../plan/cluster-id";
import type { MachineSpec } from "../plan/machines";
import { type PrometheusTarget, prometheusTargets } from "../plan/monitoring";
import { renderSshConfig } from "../plan/ssh-config";
import { refuseSmallerVolumes } from "./balancer-volume";
import { type BackupAccess, ClusterBalancer, type TenantAccess } from "./cluster-balancer";
import { refuseChangedIdentity } from "./cluster-identity";
import { clusterProxies } from "./cluster-proxy";
import type { DnsRecord } from "./dns-record";
import { FrontDoor } from "./front-door";
import { type Beginning, frontDoorBeginning } from "./front-door-beginning";
import { inService, serviceName } from "./in-service";
import { settled } from "./known";
import { ClusterLabels } from "./labels";
import { loadBalancer, membership, membershipName } from "./load-balancer";
import type { Machine } from "./machine";
import { monitoring, tokenOutput } from "./monitoring";
import { Node } from "./node";
import { refuseUnfitImages } from "./node-images";
import {
  known,
  type LoadBalancerOutput,
  loadBalancerOutput,
  loadBalancerServer,
  type MachineOutput,
  machineOutput,
  type NodeOutput,
  nodeOutput,
} from "./outputs";
import { proxyRoute } from "./proxy-route";
import { forgetCommand } from "./remote";
import { type ClusterSecrets, SharedResources } from "./shared-resources";
import { requireLiveAgent } from "./ssh-agent";
import { publicKeyOf, SshKeys } from "./ssh-keys";
import { refuseMissingZone } from "./zone";

export interface ClusterArgs extends ClusterSecrets {
  /** What the cluster must be, by planCluster. */
  plan: ClusterPlan;
}

/** A whole cluster: a proxy, BigBlueButton nodes, and all that they need at Hetzner. */
export class Cluster extends pulumi.ComponentResource {
  /** Address of the proxy, under which users see every node. */
  readonly url: string;
  readonly proxies: MachineOutput[];
  /** The machine of the cluster's own load balancer, if it has one. */
  readonly balancers: MachineOutput[];
  readonly nodes: NodeOutput[];
  /** Who is told of the nodes. */
  readonly loadBalancer: LoadBalancerOutput;
  /** How the frontends of the cluster's own load balancer ask for meetings; a secret. */
  readonly tenants: pulumi.Output<Record<string, TenantAccess>>;
  /** Where its backup is, and what opens it; null: there is none; a secret. */
  readonly backup: pulumi.Output<BackupAccess | null>;
  /** What a load balancer must know of the nodes with a known secret, in the form of Scalelite's `servers:sync`; a secret. */
  readonly loadBalancerServers: pulumi.Output<unknown>;
  /** Where a Prometheus finds the metrics of all machines, as `file_sd_configs` reads it. */
  readonly prometheusTargets: PrometheusTarget[];
  /** With what it gets them; a secret. */
  readonly metricsToken: pulumi.Output<string>;
  /** An ssh_config with pinned host keys. */
  readonly ssh: pulumi.Output<string>;
  /** A and AAAA records of every machine, for whoever keeps DNS elsewhere. */
  readonly records: pulumi.Output<DnsRecord[]>;

  /**
   * Brings up a cluster, or what has changed of it.
   * @throws {Refusal} when the cluster was made with another domain, location or secret, a new node cannot be made of its
   * image, a volume is to become smaller, or SSH cannot work from here; nothing is touched then
   */
  static async create(name: string, args: ClusterArgs, opts: pulumi.ComponentResourceOptions = {}): Promise<Cluster> {
    await requireLiveAgent();
    const { identity, machines } = args.plan;
    const { parent, provider } = opts;
    const asking = { ...(parent && { parent }), ...(provider && { provider }) };
    for (const zone of new Set(machines.flatMap((machine) => machine.zone ?? []))) {
      await refuseMissingZone(zone, asking);
    }
    const deployKey = publicKeyOf(new SshKeys(args.clusterSecret).deployKey);
    const clusterSecret = await settled(deployKey);
    const inherited = {
      ...(parent && { parent }),
      protect: machines.some(({ protect }) => protect),
    };
    await refuseChangedIdentity(name, { ...identity, clusterSecret: clusterSecret?.value }, inherited);
    const labels = await settled(new ClusterLabels(args.clusterSecret).of("node"));
    const id = labels?.value[idLabel];
    await refuseUnfitImages(args.plan.nodes, id, asking);
    await refuseSmallerVolumes(args.plan.balancers, id, asking);
    const beginning = await frontDoorBeginning(args.plan.frontDoor, id, asking);
    return new Cluster(name, args, beginning, opts);
  }

  private constructor(name: string, args: ClusterArgs, beginning: Beginning, opts: pulumi.ComponentResourceOptions) {
    super("bbb:index:Cluster", name, {}, opts);
    const { plan } = args;
    const shared = new SharedResources(plan, args, { parent: this });
    const around = ({ protect }: MachineSpec) => ({ shared, within: { parent: this, protect } });
    const { hostname, balancer: doorSpec } = plan.frontDoor;
    const doorWithin = { parent: this, protect: doorSpec?.protect ?? false };
    const door =
      doorSpec &&
      new FrontDoor({ hostname, spec: doorSpec, cluster: plan.name, beginning, shared, within: doorWithin });
    const proxies = clusterProxies(plan.proxies, { door, around });
    const balancers = plan.balancers.map(
      (spec) => new ClusterBalancer(spec.machine.name, { spec, ...around(spec.machine) }),
    );
    const nodes = plan.nodes.map((spec) => new Node(spec.machine.name, { spec, ...around(spec.machine) }));
    const routes = plan.routes.map((spec) => ({
      ...spec,
      command: proxyRoute({ spec, proxy: named(proxies, spec.proxy), node: named(nodes, spec.node) }),
    }));
    for (const proxy of proxies) {
      const ways = routes.filter((route) => route.proxy === proxy.machine.spec.name);
      door?.admit(
        proxy,
        ways.map(({ command }) => command),
      );
    }
    door?.open(named(proxies, plan.name));
    const teller = named([...proxies, ...balancers], plan.loadBalancer.teller);
    const told = plan.memberships.length > 0;
    const outlives = told && plan.balancers.length === 0;
    const balancer = loadBalancer({
      ...{ spec: plan.loadBalancer, teller, secret: shared.loadBalancerSecret, outlives },
      within: around(teller.machine.spec).within,
    });
    for (const node of nodes) {
      const { name } = node.machine.spec;
      const ways = routes.filter((route) => route.node === name).map(({ command }) => command);
      const service = inService(node, { proxies, routes: ways, sshKeys: shared.sshKeys });
      const spec = plan.memberships.find((membership) => membership.node === name);
      if (spec) membership(spec, { node, teller, after: [balancer, service] });
    }
    for (const name of plan.abandoned) {
      for (const command of [serviceName(name), ...(told ? [membershipName(name)] : [])]) {
        forgetCommand(command, { parent: this });
      }
    }
    const all = [...proxies, ...balancers, ...nodes];
    const machines = all.map(({ machine }) => machine);
    for (const spec of plan.monitoring) {
      const { machine, configured } = named(all, spec.machine);
      const { within } = around(machine.spec);
      monitoring({ spec, machine, clusterSecret: shared.clusterSecret, after: configured, within });
    }
    this.url = `https://${hostname}`;
    this.proxies = proxies.map(({ machine }) => machineOutput(machine));
    this.balancers = balancers.map(({ machine }) => machineOutput(machine));
    this.nodes = nodes.map(nodeOutput);
    const standalone = plan.nodes.filter(({ state }) => state === "standalone").map(({ machine }) => machine.name);
    const targets = prometheusTargets(pulumi.getStack(), plan.machines, standalone);
    this.prometheusTargets = plan.monitoring.length > 0 ? targets : [];
    this.metricsToken = tokenOutput(shared.clusterSecret);
    this.loadBalancer = loadBalancerOutput(plan, shared.sshKeys);
    this.tenants = pulumi.secret(pulumi.all(balancers.map(({ tenants }) => tenants)).apply((all) => ({ ...all[0] })));
    this.backup = pulumi.secret(pulumi.all(balancers.map(({ backup }) => backup)).apply((all) => all[0] ?? null));
    const servers = pulumi.all(nodes.map(loadBalancerServer)).apply((each) => Object.assign({}, ...each));
    this.loadBalancerServers = pulumi.secret({ servers });
    this.ssh = known(machines.map(({ ssh }) => ssh)).apply(renderSshConfig);
    this.records = known([...(door ? [door] : []), ...machines].map(({ records }) => records)).apply((records) =>
      records.flat(),
    );
    this.registerOutputs({ url: this.url });
  }
}

function named<T extends { machine: Machine }>(all: readonly T[], name: string): T {
  const found = all.find(({ machine }) => machine.spec.name === name);
  if (found === undefined) {
    throw new Error(`there is no machine ${name} in the plan`);
  }
  return found;
}
