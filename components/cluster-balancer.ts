import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import { backupSecrets } from "../plan/balancer/backup";
import { type BalancerSecrets, balancerSecrets } from "../plan/balancer/secrets";
import type { BalancerSpec } from "../plan/cluster";
import { BalancerVolume } from "./balancer-volume";
import { Machine } from "./machine";
import { apiOf } from "./outputs";
import { runOnMachine } from "./remote";
import type { SharedResources } from "./shared-resources";
import type { Within } from "./within";

export interface ClusterBalancerArgs {
  spec: BalancerSpec;
  shared: SharedResources;
  within: Within;
}

/** How a frontend asks for meetings. */
export interface TenantAccess {
  url: string;
  secret: string;
}

/** Where a backup is, and what it takes to read it without the cluster. */
export interface BackupAccess {
  repository: string;
  password: string;
  /** Who is let in there, of sftp only. */
  sshPublicKey: string | null;
}

/** The cluster's own load balancer: BBBLB with its database, under its own name and those of its tenants. */
export class ClusterBalancer {
  readonly machine: Machine;
  readonly configured: remote.Command;
  /** By tenant; a secret. */
  readonly tenants: pulumi.Output<Record<string, TenantAccess>>;
  /** Null: there is none; a secret. */
  readonly backup: pulumi.Output<BackupAccess | null>;

  constructor(name: string, { spec, shared, within }: ClusterBalancerArgs) {
    const { machine, request, tenants, backup } = spec;
    this.machine = new Machine(name, { spec: machine, shared, within });
    const { host } = this.machine;
    const labels = shared.labels.of(machine.role);
    const volume = new BalancerVolume({ spec: spec.volume, server: host.server, labels, within });
    const secrets = shared.clusterSecret.apply((secret) => balancerSecrets(secret, tenants));
    const { repair } = request;
    const kept = runOnMachine(
      `${name}-secrets`,
      {
        host,
        command: "keep-balancer-secrets",
        request: { digest: secrets.digest, repair, secret: secrets.secret, tenants: secrets.tenants },
        secrets: ["stdin", "stdout", "stderr"],
      },
      within,
    );
    const known = { ...this.machine.asRequest(), ...volume.asRequest() };
    const asked = { ...request, ...known, secrets: pulumi.unsecret(secrets.digest) };
    this.configured = runOnMachine(
      `${name}-configured`,
      { host, command: "configure-balancer", request: asked },
      { ...within, dependsOn: kept },
    );
    this.tenants = secrets.apply((derived) => accessOf(tenants, derived));
    const copied = pulumi.all([shared.clusterSecret, shared.backupAccess]).apply(([secret, access]) => {
      return backup === undefined ? null : { ...backup, ...backupSecrets(secret, backup, access) };
    });
    runOnMachine(
      `${name}-backup`,
      { host, command: "keep-backup", request: { hostname: request.hostname, repair, backup: copied } },
      { ...within, dependsOn: this.configured },
    );
    this.backup = copied.apply((found) => {
      return found && { repository: found.repository, password: found.password, sshPublicKey: found.sshPublicKey };
    });
  }
}

function accessOf(
  tenants: BalancerSpec["tenants"],
  { tenants: secrets }: Pick<BalancerSecrets, "tenants">,
): Record<string, TenantAccess> {
  const each = tenants.map(({ name, host }) => {
    return [name, { url: apiOf(host), secret: secrets[name] ?? "" }];
  });
  return Object.fromEntries(each);
}
