import * as hcloud from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";

import { hcloudId } from "./hcloud-id";
import type { ClusterLabels } from "./labels";

export interface PlacementGroupsArgs {
  /** Each once. */
  names: readonly string[];
  labels: ClusterLabels;
}

/** The spread placement groups: machines of one group never share a host at Hetzner. */
export class PlacementGroups {
  private readonly ids: ReadonlyMap<string, pulumi.Output<number>>;

  constructor({ names, labels }: PlacementGroupsArgs, opts: pulumi.CustomResourceOptions) {
    this.ids = new Map(
      names.map((name) => {
        const args = { name, type: "spread", labels: labels.of("cluster") };
        const group = new hcloud.PlacementGroup(`${name}-group`, args, { ...opts, deleteBeforeReplace: true });
        return [name, hcloudId(group)];
      }),
    );
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
