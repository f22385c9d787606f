import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import { hcloudId } from "./hcloud-id";
import type { ClusterLabels } from "./labels";

export interface PlacementGroupsArgs {
  /** Each once. */
  names: readonly string[];
  labels: ClusterLabels;
}

/** The spread placement groups: machines of one group never share a host at Hetzner. */
export class PlacementGroups extends pulumi.ComponentResource {
  private readonly ids: ReadonlyMap<string, pulumi.Output<number>>;

  constructor(name: string, { names, labels }: PlacementGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bbb-cluster:index:PlacementGroups", name, {}, opts);
    this.ids = new Map(names.map((group) => [group, this.createGroup(group, labels)]));
    this.registerOutputs({});
  }

  /** The id of a group that the constructor was given. */
  id(group: string): pulumi.Output<number> {
    const id = this.ids.get(group);
    if (id === undefined) {
      throw new Error(`placement group ${group} was not declared`);
    }
    return id;
  }

  private createGroup(name: string, labels: ClusterLabels): pulumi.Output<number> {
    const args = { name, type: "spread", labels: labels.of("cluster") };
    return hcloudId(new hcloud.PlacementGroup(`${name}-group`, args, { parent: this, deleteBeforeReplace: true }));
  }
}
