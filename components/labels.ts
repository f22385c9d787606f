import * as pulumi from "@pulumi/pulumi";

import { clusterId, type LabelledRole, type Labels, labelsFor } from "../plan/cluster-id";

/** What the objects of a cluster say of themselves at Hetzner. */
export class ClusterLabels {
  private readonly id: pulumi.Output<string>;

  constructor(clusterSecret: pulumi.Input<string>) {
    // No secret: nothing leads back from it.
    this.id = pulumi.unsecret(pulumi.secret(clusterSecret).apply(clusterId));
  }

  /** Labels of an object by what it is there for. */
  of(role: LabelledRole): pulumi.Output<Labels> {
    return this.id.apply((id) => labelsFor(id, role));
  }
}
