import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { CertificateSettings, ConfigureProxyRequest, MaintenanceWindow, OwnedFile } from "../requests";

/** What a proxy's request is made of, besides its name and certificate. */
export interface ProxySettings {
  maintenance: MaintenanceWindow;
  /** For how many days the logs of requests are kept. */
  logDays: number;
  repair: string;
}

/** Parts of the server that routes and errors share, below /etc/nginx/bbb-cluster. */
const parts = ["log", "headers", "to-node", "client", "hashed", "api", "meteor"];

/** What `configure-proxy` is asked for: limits, cache and servers; what belongs to one node is its route's. */
export function proxyRequest(
  hostname: string,
  certificates: CertificateSettings,
  { logDays, ...settings }: ProxySettings,
): ConfigureProxyRequest {
  const live = `/etc/letsencrypt/live/${hostname}`;
  return {
    hostname,
    ...certificates,
    ...settings,
    files: [
      nginx("nginx.conf", fixedText("nginx/nginx.conf")),
      nginx("conf.d/bbb-cluster-values.conf", fixedText("nginx/values.conf")),
      nginx("conf.d/bbb-cluster-nodes.conf", fixedText("nginx/nodes.conf")),
      { ...nginx("conf.d/bbb-cluster.conf", fixedText("nginx/cluster.conf")), needsCertificate: true },
      nginx("bbb-cluster/name.conf", [`server_name ${hostname};`]),
      nginx("bbb-cluster/certificate.conf", [
        `ssl_certificate ${live}/fullchain.pem;`,
        `ssl_certificate_key ${live}/privkey.pem;`,
      ]),
      ...parts.map((part) => nginx(`bbb-cluster/${part}.conf`, fixedText(`nginx/${part}.conf`))),
      {
        // Debian's unit leaves a dead nginx dead.
        path: "/etc/systemd/system/nginx.service.d/bbb-cluster.conf",
        restart: ["daemon-reload"],
        content: ["[Service]", "Restart=on-failure", "RestartSec=5"],
      },
      { path: "/etc/logrotate.d/nginx", content: logRotation(logDays), restart: [] },
      // Below what certificate authorities ask for, too; only these files of it are served.
      ...["index", "away"].map((page) => ({
        path: `/var/www/bbb-cluster/${page}.html`,
        content: fixedText(`pages/${page}.html`),
        restart: [],
      })),
    ],
  };
}

function logRotation(days: number): string[] {
  return fixedText("logrotate").map((line) => line.replace("LOG_DAYS", `${days}`));
}

function fixedText(name: string): string[] {
  return readFileSync(join(__dirname, name), "utf8").trimEnd().split(/\r?\n/);
}

function nginx(name: string, content: string[]): OwnedFile {
  return { path: `/etc/nginx/${name}`, restart: ["nginx"], content };
}
