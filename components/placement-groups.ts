import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import { hcloudId } from "./hcloud-id";

/** The spread placement groups: machines of one group never share a host at Hetzner. */
export class PlacementGroups extends pulumi.ComponentResource {
  private readonly ids: ReadonlyMap<string, pulumi.Output<number>>;

  /** @param groups names of the groups, each once */
  constructor(name: string, groups: readonly string[], opts?: pulumi.ComponentResourceOptions) {
    super("bbb-cluster:index:PlacementGroups", name, {}, opts);
    this.ids = new Map(groups.map((group) => [group, this.createGroup(group)]));
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

  private createGroup(name: string): pulumi.Output<number> {
    return hcloudId(
      new hcloud.PlacementGroup(`${name}-group`, { name, type: "spread" }, { parent: this, deleteBeforeReplace: true }),
    );
  }
}
