import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { OwnedFile } from "../requests";

/** Files of nginx that every machine has which people reach by it: limits, TLS, and logs that give nobody away. */
export function commonFiles(logDays: number): OwnedFile[] {
  return [
    nginx("nginx.conf", fixedText("nginx/nginx.conf")),
    { path: "/etc/sysctl.d/99-bbb-cluster.conf", content: fixedText("nginx/sysctl.conf"), restart: ["systemd-sysctl"] },
    nginx("conf.d/bbb-cluster-limits.conf", fixedText("nginx/limits.conf")),
    nginx("conf.d/bbb-cluster-log.conf", fixedText("nginx/log-format.conf")),
    ...["log", "quiet", "headers"].map((part) => nginx(`bbb-cluster/${part}.conf`, fixedText(`nginx/${part}.conf`))),
    {
      // Debian's unit leaves a dead nginx dead, and grants it 1024 files. Nobody gets in until it runs again.
      path: "/etc/systemd/system/nginx.service.d/bbb-cluster.conf",
      restart: ["daemon-reload"],
      content: [
        ...["[Unit]", "StartLimitIntervalSec=0"],
        ...["[Service]", "Restart=on-failure", "RestartSec=1", "LimitNOFILE=16384"],
      ],
    },
    {
      path: "/etc/logrotate.d/nginx",
      content: fixedText("nginx/logrotate").map((line) => line.replace("LOG_DAYS", `${logDays}`)),
      restart: [],
    },
  ];
}

/** Under which names a machine is asked, and the certificate that is named after the first. */
export function nameFiles(names: readonly [string, ...string[]]): OwnedFile[] {
  const live = `/etc/letsencrypt/live/${names[0]}`;
  return [
    nginx("bbb-cluster/name.conf", [`server_name ${names.join(" ")};`]),
    nginx("bbb-cluster/certificate.conf", [
      `ssl_certificate ${live}/fullchain.pem;`,
      `ssl_certificate_key ${live}/privkey.pem;`,
    ]),
  ];
}

/** A file below /etc/nginx. */
export function nginx(name: string, content: readonly string[]): OwnedFile {
  return { path: `/etc/nginx/${name}`, restart: ["nginx"], content };
}

/** The lines of a file of the plan's. */
export function fixedText(name: string): string[] {
  return readFileSync(join(__dirname, "..", name), "utf8")
    .trimEnd()
    .split(/\r?\n/);
}
