import { readFileSync } from "node:fs";
import { join } from "node:path";

import { commonFiles, fixedText, nameFiles, nginx } from "../nginx/files";
import type { CertificateSettings, MaintenanceWindow, OwnedFile } from "../requests";
import type { PlayerRequest } from "./player";
import type { Tenant } from "./secrets";

/** Stdin of `configure-balancer`, without what only the cloud knows, and the digest of what `keep-balancer-secrets` has left. */
export interface ConfigureBalancerRequest extends CertificateSettings {
  hostname: string;
  maintenance: MaintenanceWindow;
  /** Another text than before has everything put right again. */
  repair: string;
  files: OwnedFile[];
  /** BBBLB and all that it needs, each pinned by hashes, as pip reads it. */
  requirements: readonly string[];
  /** Each by a name, and by the host that the certificate names, too. */
  tenants: { name: string; host: string }[];
  /** What shows recordings; null: what is there stays. */
  player: PlayerRequest | null;
}

/** What only the cloud knows of the load balancer's volume: a part of `configure-balancer`. */
export interface VolumeRequest {
  /** Such as /dev/disk/by-id/scsi-0HC_Volume_123. */
  device: string;
  /** Another one has the file system grow. */
  sizeGb: number;
}

/** What the load balancer's request is made of, besides its name and certificate. */
export interface BalancerSettings {
  maintenance: MaintenanceWindow;
  logDays: number;
  repair: string;
  tenants: readonly Tenant[];
  player: PlayerRequest | null;
}

/** Parts of the server, below /etc/nginx/bbb-cluster. */
const parts = ["to-bbblb", "api", "recordings", "recording-files"];

/** What `configure-balancer` is asked for: what nginx passes on to BBBLB, and for whom. */
export function balancerRequest(
  hostname: string,
  certificates: CertificateSettings,
  { tenants, logDays, ...settings }: BalancerSettings,
): ConfigureBalancerRequest {
  const own = (name: string) => fixedText(`balancer/nginx/${name}.conf`);
  return {
    hostname,
    ...certificates,
    ...settings,
    files: [
      ...commonFiles(logDays),
      ...nameFiles([hostname, ...tenants.map(({ host }) => host)]),
      nginx("conf.d/bbb-cluster-values.conf", own("values")),
      { ...nginx("conf.d/bbb-cluster.conf", own("balancer")), needsCertificate: true },
      ...parts.map((part) => nginx(`bbb-cluster/${part}.conf`, own(part))),
    ],
    requirements: requirements(),
    tenants: tenants.map(({ name, host }) => ({ name, host })),
  };
}

function requirements(): string[] {
  const text = readFileSync(join(__dirname, "../../host/balancer/requirements.txt"), "utf8");
  return text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
}
