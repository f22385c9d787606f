import type { remote } from "@pulumi/command";
import * as hcloud from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";

import { balancedPorts, healthCheck } from "../plan/balanced-ports";
import type { FrontDoorBalancerSpec, FrontDoorService } from "../plan/front-door";
import { type DnsRecord, type Lead, publishName, recordsOf } from "./dns-record";
import type { Beginning } from "./front-door-beginning";
import { hcloudId } from "./hcloud-id";
import type { Machine } from "./machine";
import { runForCluster } from "./remote";
import type { SharedResources } from "./shared-resources";
import type { Within } from "./within";

export interface FrontDoorArgs {
  /** The cluster's name. */
  hostname: string;
  spec: FrontDoorBalancerSpec;
  /** Name of the cluster and of its first proxy, whose records the name had while that was the only one. */
  cluster: string;
  beginning: Beginning;
  shared: SharedResources;
  within: Within;
}

/** A proxy that has its certificate, as far as the front door knows it. */
export interface ConfiguredProxy {
  machine: Machine;
  configured: remote.Command;
}

/** The load balancer in front of several proxies, and the cluster's name, which leads to it. */
export class FrontDoor implements Lead {
  readonly ipv4: pulumi.Output<string>;
  readonly ipv6: pulumi.Output<string>;
  readonly records: pulumi.Output<DnsRecord[]>;
  private readonly balancer: hcloud.LoadBalancer;
  private readonly ready: pulumi.Resource[];
  /** By proxy. */
  private readonly targets = new Map<string, pulumi.Resource>();
  private readonly admitted: pulumi.Resource[] = [];

  constructor(private readonly args: FrontDoorArgs) {
    const { hostname, spec, shared, within } = args;
    const { name, type: loadBalancerType, location, privateAddress: ip } = spec;
    const labels = shared.labels.of("cluster");
    this.balancer = new hcloud.LoadBalancer(name, { name, loadBalancerType, location, labels }, within);
    this.ipv4 = this.balancer.ipv4;
    this.ipv6 = this.balancer.ipv6;
    this.records = recordsOf([hostname], this);
    const network = new hcloud.LoadBalancerNetwork(
      `${name}-attachment`,
      { loadBalancerId: hcloudId(this.balancer), subnetId: shared.network.subnet.id, ip },
      { ...within, deleteBeforeReplace: true },
    );
    this.ready = [network, ...spec.services.map((service) => this.serve(service))];
  }

  /**
   * What the first proxy needs before it can ask for a certificate: usually nothing, for the name leads to a proxy. In a
   * new cluster to none, so that it leads here, and from here to that proxy, from the beginning.
   */
  beforeCertificate(machine: Machine): pulumi.Resource[] {
    const { beginning } = this.args;
    // While there is no other target, nobody can come to this one too early.
    if (beginning.withoutTarget) this.aim(machine, [machine.host.ready]);
    return beginning.withoutName ? this.publish([...this.targets.values()]) : [];
  }

  /** From now on requests come to a proxy: it is configured, and its routes are open. */
  admit({ machine, configured }: ConfiguredProxy, routes: readonly remote.Command[]): void {
    if (!this.targets.has(machine.spec.name)) this.aim(machine, [configured, ...routes]);
    this.admitted.push(configured, ...routes);
  }

  /** Has the name lead here, once all proxies are admitted and one of them has seen that it would lead to the cluster. */
  open({ machine }: ConfiguredProxy): void {
    const { hostname, spec, beginning, within } = this.args;
    const { ttlSeconds } = spec;
    const { host } = machine;
    // Its server's id is no trigger: a proxy that is replaced is no reason to leave the front door.
    const request = { hostname, addresses: [this.ipv4, this.ipv6], ttlSeconds, proxyServerId: host.server.id };
    const proved = runForCluster(
      `${spec.name}-proved`,
      { host, command: "prove-front-door", undo: "leave-front-door", request },
      { ...within, deletedWith: host.server, dependsOn: [...this.ready, ...this.targets.values(), ...this.admitted] },
    );
    if (!beginning.withoutName) this.publish([proved]);
  }

  private publish(dependsOn: pulumi.Resource[]): pulumi.Resource[] {
    const { cluster, hostname, spec, shared, within } = this.args;
    const { zone, ttlSeconds } = spec;
    const labels = shared.labels.of("proxy");
    return publishName(cluster, { hostname, lead: this, zone, ttlSeconds, labels, within }, { dependsOn });
  }

  private serve({ port, proxyPort, healthPath: path }: FrontDoorService): pulumi.Resource {
    const { spec, within } = this.args;
    return new hcloud.LoadBalancerService(
      `${spec.name}-${port}`,
      {
        loadBalancerId: this.balancer.id,
        protocol: "tcp",
        listenPort: port,
        destinationPort: proxyPort,
        proxyprotocol: true,
        healthCheck: {
          ...{ protocol: "http", port: balancedPorts.health, ...healthCheck },
          http: { path, statusCodes: ["200"] },
        },
      },
      { ...within, deleteBeforeReplace: true },
    );
  }

  /** It goes before its server, or with it, and the server is shut down: nginx ends what it has begun. */
  private aim(machine: Machine, after: pulumi.Resource[]): void {
    const { spec, within } = this.args;
    const { server } = machine.host;
    const target = new hcloud.LoadBalancerTarget(
      `${spec.name}-to-${machine.spec.name}`,
      { type: "server", loadBalancerId: hcloudId(this.balancer), serverId: hcloudId(server), usePrivateIp: true },
      { ...within, deleteBeforeReplace: true, deletedWith: server, dependsOn: [...this.ready, ...after] },
    );
    this.targets.set(machine.spec.name, target);
  }
}
