import { privateAddress } from "../addresses";
import { balancedPorts, drainSeconds } from "../balanced-ports";
import { fixedText, nginx } from "../nginx/files";
import type { OwnedFile } from "../requests";

const challenges = "location /.well-known/acme-challenge/";
const root = "root /var/www/bbb-cluster;";

/**
 * What a proxy has for a load balancer in front of it. The only proxy has it, too: the load balancer may come, and is
 * still there while the second proxy goes.
 * @param peers private addresses of the other proxies
 */
export function balancedFiles(peers: readonly string[]): OwnedFile[] {
  const own = (name: string) => fixedText(`proxy/nginx/${name}.conf`);
  return [
    // Read after the format of the log.
    nginx("conf.d/bbb-cluster-port-80.conf", own("port-80")),
    nginx("conf.d/bbb-cluster-health.conf", own("health")),
    nginx("bbb-cluster/balanced.conf", [
      // Nobody else is believed who a client is.
      `set_real_ip_from ${privateAddress("hetznerLoadBalancer", 1)};`,
      "real_ip_header proxy_protocol;",
    ]),
    { ...nginx("bbb-cluster/serving.conf", ["return 200;"]), needsCertificate: true },
    nginx("bbb-cluster/challenges.conf", challengeLocations(peers)),
    ...(peers.length > 0 ? [upstream(peers), ...drainFiles()] : []),
  ];
}

/** Where a proxy says to other machines of the private network whether it serves people. */
export function servesUrl(address: string): string {
  return `http://${address}:${balancedPorts.health}/https`;
}

/** Whichever proxy a certificate authority comes to: what that does not have, another one may. */
function challengeLocations(peers: readonly string[]): string[] {
  if (peers.length === 0) return [`${challenges} { ${root} }`];
  return [
    `${challenges} {`,
    `    ${root}`,
    "    try_files $uri @peers;",
    "}",
    "location @peers {",
    "    proxy_pass http://bbb_peers;",
    "    proxy_pass_request_headers off;",
    "    proxy_next_upstream error timeout http_404;",
    "    proxy_connect_timeout 1s;",
    "    proxy_read_timeout 2s;",
    "}",
  ];
}

function upstream(peers: readonly string[]): OwnedFile {
  const servers = peers.map((peer) => `    server ${peer}:${balancedPorts.health} max_fails=0;`);
  return nginx("conf.d/bbb-cluster-peers.conf", ["upstream bbb_peers {", ...servers, "}"]);
}

const drain = "bbb-cluster-drain.service";

/** Planned work drains first: the load balancer hears that this proxy is not to be used before nginx stops. */
function drainFiles(): OwnedFile[] {
  const unit = fixedText(`proxy/units/${drain}`).map((line) => line.replace("DRAIN_SECONDS", `${drainSeconds}`));
  return [
    { path: `/etc/systemd/system/${drain}`, restart: ["daemon-reload", drain], content: unit },
    {
      path: "/etc/systemd/system/nginx.service.d/bbb-cluster-drain.conf",
      restart: ["daemon-reload"],
      content: ["[Unit]", `Wants=${drain}`],
    },
  ];
}
