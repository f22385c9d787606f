import { commonFiles, fixedText, nameFiles, nginx } from "../nginx/files";
import type { CertificateSettings, ConfigureProxyRequest, MaintenanceWindow } from "../requests";
import { balancedFiles, servesUrl } from "./balanced";

/** What a proxy's request is made of, besides its name and certificate. */
export interface ProxySettings {
  maintenance: MaintenanceWindow;
  /** For how many days the logs of requests are kept. */
  logDays: number;
  repair: string;
  /** Under which it is known besides, and its certificate is for, too: its own. */
  names: readonly string[];
  /** Private addresses of the other proxies. */
  peers: readonly string[];
}

/** Parts of the server that routes and errors share, below /etc/nginx/bbb-cluster. */
const parts = ["to-node", "client", "hashed", "api", "meteor"];

/** What `configure-proxy` is asked for, under the cluster's name: limits, cache and servers; what belongs to one node is its route's. */
export function proxyRequest(
  hostname: string,
  certificates: CertificateSettings,
  { logDays, peers, ...settings }: ProxySettings,
): ConfigureProxyRequest {
  const own = (name: string) => fixedText(`proxy/${name}`);
  return {
    hostname,
    ...certificates,
    ...settings,
    peers: peers.map(servesUrl),
    files: [
      ...commonFiles(logDays),
      ...nameFiles([hostname, ...settings.names]),
      ...balancedFiles(peers),
      nginx("conf.d/bbb-cluster-values.conf", own("nginx/values.conf")),
      nginx("conf.d/bbb-cluster-nodes.conf", own("nginx/nodes.conf")),
      { ...nginx("conf.d/bbb-cluster.conf", own("nginx/cluster.conf")), needsCertificate: true },
      ...parts.map((part) => nginx(`bbb-cluster/${part}.conf`, own(`nginx/${part}.conf`))),
      // Below what certificate authorities ask for, too; only these files of it are served.
      ...["index", "away"].map((page) => ({
        path: `/var/www/bbb-cluster/${page}.html`,
        content: own(`pages/${page}.html`),
        restart: [],
      })),
    ],
  };
}
