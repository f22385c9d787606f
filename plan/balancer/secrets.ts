import { hkdfSync } from "node:crypto";

/** A frontend of the load balancer: the host by which it is known, and which of its secrets is in force. */
export interface Tenant {
  name: string;
  host: string;
  secretVersion: number;
}

/** The secrets of the cluster's own load balancer, all derived from the cluster's one. */
export interface BalancerSecrets {
  /** BBBLB's own, with which it signs. */
  secret: string;
  /** By tenant. */
  tenants: Record<string, string>;
  /** By what requests that may be read name all of them; no secret. */
  digest: string;
}

/** Always the same for a cluster's secret and a tenant's version. */
export function balancerSecrets(clusterSecret: string, tenants: readonly Tenant[]): BalancerSecrets {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync("sha256", clusterSecret, "bbb-cluster balancer", purpose, 32)).toString("hex");
  const own = tenants.map(({ name, secretVersion }) => [name, derive(`tenant ${name} ${secretVersion}`)]);
  const digest = derive(`digest ${JSON.stringify(tenants.map(({ name, secretVersion }) => [name, secretVersion]))}`);
  return { secret: derive("signing"), tenants: Object.fromEntries(own), digest };
}
