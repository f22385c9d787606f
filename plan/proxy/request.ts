import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { CertificateSettings, ConfigureProxyRequest, MaintenanceWindow, OwnedFile } from "../requests";

/** What `configure-proxy` is asked for: limits, cache and both servers; what belongs to one node is its route's. */
export function proxyRequest(
  hostname: string,
  certificates: CertificateSettings,
  maintenance: MaintenanceWindow,
  repair: string,
): ConfigureProxyRequest {
  const live = `/etc/letsencrypt/live/${hostname}`;
  return {
    hostname,
    ...certificates,
    maintenance,
    repair,
    files: [
      file("/etc/nginx/nginx.conf", fixedText("nginx.conf")),
      { ...file("/etc/nginx/conf.d/bbb-cluster.conf", fixedText("cluster.conf")), needsCertificate: true },
      file("/etc/nginx/bbb-cluster/name.conf", [`server_name ${hostname};`]),
      file("/etc/nginx/bbb-cluster/certificate.conf", [
        `ssl_certificate ${live}/fullchain.pem;`,
        `ssl_certificate_key ${live}/privkey.pem;`,
      ]),
      {
        // Debian's unit leaves a dead nginx dead.
        path: "/etc/systemd/system/nginx.service.d/bbb-cluster.conf",
        restart: ["daemon-reload"],
        content: ["[Service]", "Restart=on-failure", "RestartSec=5"],
      },
      // Below what certificate authorities ask for, too; only this file of it is served.
      { path: "/var/www/bbb-cluster/index.html", content: fixedText("index.html"), restart: [] },
    ],
  };
}

function fixedText(name: string): string[] {
  return readFileSync(join(__dirname, name), "utf8").trimEnd().split(/\r?\n/);
}

function file(path: string, content: string[]): OwnedFile {
  return { path, restart: ["nginx"], content };
}
