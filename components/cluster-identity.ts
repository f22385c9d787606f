import * as pulumi from "@pulumi/pulumi";

import { settled } from "./known";
import { Refusal } from "./refusal";

/** What cannot be changed on a running cluster, by the key of the configuration that it comes from. */
export interface ClusterIdentity {
  domain: string;
  location: string;
  /** The public half of the deploy key, which is derived from it; undefined while nobody knows it. */
  clusterSecret: string | undefined;
}

const consequences: Record<keyof ClusterIdentity, string> = {
  domain: "every machine has its name",
  location: "addresses belong to their location",
  clusterSecret: "it would lock Pulumi out of every machine",
};

/**
 * Remembers what the cluster was made with, before any other resource is made.
 * @throws {Refusal} one sentence when something else is wanted now; nothing has been touched then
 */
export async function refuseChangedIdentity(
  cluster: string,
  wanted: ClusterIdentity,
  opts: pulumi.CustomResourceOptions = {},
): Promise<void> {
  // A stash keeps the first value that it was given as its output.
  const stash = new pulumi.Stash(`${cluster}-identity`, { input: wanted }, opts);
  const first = (await settled(stash.output))?.value as ClusterIdentity | undefined;
  const changed = (Object.keys(consequences) as (keyof ClusterIdentity)[]).filter(
    (key) => first !== undefined && wanted[key] !== undefined && first[key] !== wanted[key],
  );
  if (first !== undefined && changed.length > 0) {
    throw new Refusal(changed.map((key) => describe(key, first, wanted)).join("\n"));
  }
}

function describe(key: keyof ClusterIdentity, first: ClusterIdentity, wanted: ClusterIdentity): string {
  const refused = `${key} cannot be changed on a running cluster, ${consequences[key]}`;
  return key === "clusterSecret"
    ? `${refused}: put the value back that it was made with; if that leaked or is lost, run: npm run rotate`
    : `${refused}: it is ${first[key]}, got ${wanted[key]}; run: pulumi config set ${key} ${first[key]}, or build a new stack`;
}
