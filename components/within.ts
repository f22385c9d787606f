import type * as pulumi from "@pulumi/pulumi";

/**
 * What all resources of a machine are part of. It is the cluster itself: a component of the machine's own would be
 * written to the state as often as a server and a half, and stand in the name of each of its resources.
 */
export interface Within {
  parent: pulumi.Resource;
  /** Pulumi refuses to delete any of them. */
  protect: boolean;
}
