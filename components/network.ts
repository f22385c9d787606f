import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import type { Labels } from "../plan/cluster-id";
import type { Role } from "../plan/flows";
import type { FirewallSpec, NetworkSpec } from "../plan/network";
import { hcloudId } from "./hcloud-id";
import type { ClusterLabels } from "./labels";

export interface NetworkArgs {
  spec: NetworkSpec;
  labels: ClusterLabels;
}

/** The private network of a cluster and the firewalls in front of its machines. */
export class Network extends pulumi.ComponentResource {
  readonly subnet: hcloud.NetworkSubnet;
  private readonly firewallIds: ReadonlyMap<string, pulumi.Output<number>>;

  constructor(name: string, { spec, labels }: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bbb:index:Network", name, {}, opts);
    const network = new hcloud.Network(
      `${name}-private`,
      { name, ipRange: spec.ipRange, labels: labels.of("cluster") },
      { parent: this },
    );
    this.subnet = new hcloud.NetworkSubnet(
      `${name}-subnet`,
      { networkId: hcloudId(network), type: "cloud", networkZone: spec.zone, ipRange: spec.subnet },
      { parent: this, deleteBeforeReplace: true },
    );
    this.firewallIds = new Map(
      (Object.entries(spec.firewalls) as [Role, FirewallSpec][]).map(([role, firewall]) => [
        role,
        this.createFirewall(firewall, labels.of(role)),
      ]),
    );
    this.registerOutputs({ subnetId: this.subnet.id });
  }

  /** The ids of the firewalls in front of machines of a role. */
  firewallIdsOf(role: Role): pulumi.Output<number>[] {
    const id = this.firewallIds.get(role);
    return id === undefined ? [] : [id];
  }

  private createFirewall({ name, rules }: FirewallSpec, labels: pulumi.Output<Labels>): pulumi.Output<number> {
    const options = { parent: this, deleteBeforeReplace: true };
    return hcloudId(new hcloud.Firewall(`${name}-firewall`, { name, rules, labels }, options));
  }
}
