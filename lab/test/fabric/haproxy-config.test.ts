import { expect, test } from "vitest";

import type { Balancer } from "../../api/balancer";
import { parseHealth, renderHaproxyConfig, renderServerStates } from "../../fabric/haproxy-config";

const check = { protocol: "tcp", port: 443, interval: 15, timeout: 10, retries: 3, http: null } as const;
const nic = { networkId: 2001, ip: "10.0.1.9", ipRange: "10.0.0.0/16", gateway: "10.0.0.1", macAddress: "" };
const service = { listenPort: 443, destinationPort: 8443, proxyprotocol: true, healthCheck: check };
const balancer: Balancer = {
  ...{ id: 11001, ipv4: "203.0.113.9", ipv6Network: "2001:db8:9::/64", nic, maxConnections: 10_000 },
  ...{ algorithm: "round_robin", services: [service], targets: [{ server: 1001, ip: "10.0.1.1" }] },
  ...{ proxyVersion: 2, checksSpeakProxy: false, trustsNewTargets: false },
};
const files = { config: "/run/c", socket: "/run/s", states: "/run/t" };
const render = (changes: Partial<Balancer>) => renderHaproxyConfig({ ...balancer, ...changes }, files).split("\n");
const states = (shown: string, changes: Partial<Balancer> = {}) =>
  renderServerStates({ ...balancer, ...changes }, shown)
    .split("\n")
    .slice(2, -1);

test("a service listens at each address, passes on with its own header and checks without one", () => {
  expect(render({}).slice(render({}).indexOf("listen port-443"))).toEqual([
    "listen port-443",
    "  bind 203.0.113.9:443",
    "  bind [2001:db8:9::1]:443",
    "  bind 10.0.1.9:443",
    "  balance roundrobin",
    "  server m1001 10.0.1.1:8443 send-proxy-v2 track checks-443/m1001",
    "backend checks-443",
    "  timeout connect 10s",
    "  timeout check 10s",
    "  server m1001 10.0.1.1:443 check port 443 inter 15s fall 3 rise 3",
    "",
  ]);
});

test("without public interface it listens at its private address alone", () => {
  const binds = render({ ipv4: null, ipv6Network: null }).filter((line) => line.startsWith("  bind"));
  expect(binds).toEqual(["  bind 10.0.1.9:443"]);
});

test("what Hetzner does not tell is switched: version 1, and checks that begin with the header", () => {
  const servers = render({ proxyVersion: 1, checksSpeakProxy: true }).filter((line) => line.startsWith("  server m"));
  expect(servers).toEqual([
    "  server m1001 10.0.1.1:8443 send-proxy track checks-443/m1001",
    "  server m1001 10.0.1.1:443 check port 443 inter 15s fall 3 rise 3 send-proxy check-send-proxy",
  ]);
});

test("an HTTP check asks for host and path and takes the answers that were named", () => {
  const http = {
    domain: "bbb.example.com",
    path: "/health",
    response: "it's up",
    statusCodes: ["2??", "401"],
    tls: true,
  };
  const lines = render({ services: [{ ...service, healthCheck: { ...check, protocol: "http", http } }] });
  expect(lines.slice(lines.indexOf("  option httpchk"), -1)).toEqual([
    "  option httpchk",
    "  http-check send meth GET uri /health ver HTTP/1.1 hdr Host bbb.example.com",
    "  http-check expect rstatus '^(2..|401)$'",
    "  http-check expect string 'it'\\''s up'",
    "  server m1001 10.0.1.1:443 check port 443 inter 15s fall 3 rise 3 check-ssl verify none check-sni bbb.example.com",
  ]);
});

test("a new target is down until a check has passed, or up until all have failed; a known one stays what it was", () => {
  const at = (state: string, status: string, health: number) => [
    `0 checks-443 0 m1001 10.0.1.1 ${state} 0 1 1 0 ${status} ${health} 6 0 0 0 - 443 - 0 443 - - 443`,
  ];
  expect(states("")).toEqual(at("0", "1 0", 2));
  expect(states("", { trustsNewTargets: true })).toEqual(at("2", "1 0", 5));
  const known = "3 checks-443 1 m1001 10.0.1.1 2 0 1 1 9 6 3 5 6 0 0 0 - 443 - 0 443 - - 443";
  expect(states(known)).toEqual(at("2", "6 3", 5));
  expect(states(known.replace("10.0.1.1", "10.0.1.7"))).toEqual(at("0", "1 0", 2));
});

test("a target is unknown until it was checked", () => {
  const stat = [
    "# pxname,svname,status,check_status,",
    "port-443,m1001,UP,,",
    "checks-443,m1001,UP,L7OK,",
    "checks-443,m1002,DOWN 1/2,L4CON,",
    "checks-443,m1003,UP,INI,",
    "",
  ].join("\n");
  expect(parseHealth(stat)).toEqual([
    { server: 1001, listenPort: 443, status: "healthy" },
    { server: 1002, listenPort: 443, status: "unhealthy" },
    { server: 1003, listenPort: 443, status: "unknown" },
  ]);
});
