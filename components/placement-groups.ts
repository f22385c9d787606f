import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import { hcloudId } from "./hcloud-id";

/** The spread placement groups: machines of one group never share a host at Hetzner. */
export class PlacementGroups extends pulumi.ComponentResource {
  private readonly ids = new Map<string, pulumi.Output<number>>();

  /** @param groups names of the groups in use; a group is made once however often it is named */
  constructor(name: string, groups: readonly string[], opts?: pulumi.ComponentResourceOptions) {
    super("bbb-cluster:index:PlacementGroups", name, {}, opts);
    for (const group of new Set(groups)) {
      const args = { name: `${name}-${group}`, type: "spread" };
      this.ids.set(
        group,
        hcloudId(new hcloud.PlacementGroup(`${name}-${group}`, args, { parent: this, deleteBeforeReplace: true })),
      );
    }
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
}
