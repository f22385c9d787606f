import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { MachineSpec } from "../machines";
import { commonFiles, fixedText, nameFiles, nginx } from "../nginx/files";
import type { CertificateSettings, MaintenanceWindow, OwnedFile } from "../requests";
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
}

/** What the load balancer's request is made of, besides its name and certificate. */
export interface BalancerSettings {
  maintenance: MaintenanceWindow;
  logDays: number;
  repair: string;
  tenants: readonly Tenant[];
  /** The node whose player shows recordings; undefined: there is none. */
  player: MachineSpec | undefined;
}

/** Parts of the server, below /etc/nginx/bbb-cluster. */
const parts = ["to-bbblb", "api", "recordings"];

/** What `configure-balancer` is asked for: what nginx passes on to BBBLB, and for whom. */
export function balancerRequest(
  hostname: string,
  certificates: CertificateSettings,
  { tenants, player, logDays, ...settings }: BalancerSettings,
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
      nginx("bbb-cluster/player.conf", player === undefined ? [] : playerOf(player, own("player"))),
    ],
    requirements: requirements(),
    tenants: tenants.map(({ name, host }) => ({ name, host })),
  };
}

/** BigBlueButton's player is on every node. */
function playerOf({ hostname, privateAddress }: MachineSpec, lines: readonly string[]): string[] {
  return lines.map((line) => line.replace("PLAYER_HOSTNAME", hostname).replace("PLAYER_ADDRESS", privateAddress));
}

function requirements(): string[] {
  const text = readFileSync(join(__dirname, "../../host/balancer/requirements.txt"), "utf8");
  return text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
}
