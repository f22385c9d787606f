import * as pulumi from "@pulumi/pulumi";

import { type Overrides, overrideFiles } from "../plan/node/overrides";
import { secretDigest } from "../plan/node/secret-overrides";
import type { OverrideFile, SecretOverrides } from "../plan/requests";

/** Overrides that are secrets, as every node of the cluster gets them. */
export class SecretSettings {
  /** The rows with their values; a secret. */
  readonly files: pulumi.Output<OverrideFile[]>;
  /** By what requests that may be read name them. */
  readonly digest: pulumi.Output<string>;

  constructor(clusterSecret: pulumi.Input<string>, overrides: pulumi.Input<Overrides>) {
    this.files = pulumi.secret(overrides).apply((given) => overrideFiles(given as Overrides));
    this.digest = pulumi.unsecret(
      pulumi.all([clusterSecret, this.files]).apply(([secret, files]) => secretDigest(secret, files as OverrideFile[])),
    );
  }

  /** The settings as `configure-node` is told of them. */
  asRequest(): { [K in keyof SecretOverrides]: pulumi.Output<string> } {
    return { secretOverrides: this.digest };
  }
}
