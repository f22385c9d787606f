import type * as pulumi from "@pulumi/pulumi";

/** A resource's id as the number that other hcloud resources take. */
export function hcloudId(resource: pulumi.CustomResource): pulumi.Output<number> {
  return resource.id.apply(Number);
}
