import * as pulumi from "@pulumi/pulumi";

import { deriveSshIdentity, type SshIdentity } from "../plan/ssh-identity";

/** The SSH keys of a cluster, all derived from its one secret. */
export class SshKeys {
  /** The key that Pulumi logs in with, on every machine. */
  readonly deployKey: pulumi.Output<SshIdentity>;
  private readonly derived = new Map<string, pulumi.Output<SshIdentity>>();

  constructor(private readonly clusterSecret: pulumi.Input<string>) {
    this.deployKey = this.derive("deploy");
  }

  /** The key with which nodes send recordings to Scalelite's spool. */
  get spoolKey(): pulumi.Output<SshIdentity> {
    return this.derive("recordings");
  }

  /** The host key of one machine, known before the machine exists. */
  hostKey(machine: string): pulumi.Output<SshIdentity> {
    return this.derive(`host ${machine}`);
  }

  private derive(purpose: string): pulumi.Output<SshIdentity> {
    const known = this.derived.get(purpose);
    if (known !== undefined) return known;
    const identity = pulumi.secret(this.clusterSecret).apply((secret) => deriveSshIdentity(secret, purpose));
    this.derived.set(purpose, identity);
    return identity;
  }
}

/** The public half of an identity, as plain text: it may be shown. */
export function publicKeyOf(identity: pulumi.Output<SshIdentity>): pulumi.Output<string> {
  return pulumi.unsecret(identity.publicKey);
}
