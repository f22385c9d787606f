import type { BalancedService, BalancedTarget, Balancer, HealthCheck, TargetHealth } from "../api/balancer";
import { quote } from "./shell";

/** The files of one load balancer's HAProxy. */
export interface HaproxyFiles {
  config: string;
  socket: string;
  /** How each target was when the configuration was loaded. */
  states: string;
}

const serverName = (id: number) => `m${id}`;
const checksOf = ({ listenPort }: BalancedService) => `checks-${listenPort}`;

/** HAProxy's configuration of a load balancer: what comes in on a port is passed on as it is. */
export function renderHaproxyConfig(balancer: Balancer, { socket, states }: HaproxyFiles): string {
  return [
    "global",
    `  maxconn ${balancer.maxConnections}`,
    // Where the host grants fewer files than that takes, it serves as many as there are.
    "  no strict-limits",
    `  stats socket ${quote(socket)} level admin expose-fd listeners`,
    `  server-state-file ${quote(states)}`,
    "defaults",
    "  mode tcp",
    // How long Hetzner waits, and that a connection is offered to one target only, is not known: the worst is taken.
    ...["  timeout connect 5s", "  timeout client 1h", "  timeout server 1h", "  retries 0"],
    "  load-server-state-from-file global",
    ...balancer.services.flatMap((service) => renderService(balancer, service)),
    "",
  ].join("\n");
}

function renderService(balancer: Balancer, service: BalancedService): string[] {
  const { listenPort, destinationPort, proxyprotocol } = service;
  const header = balancer.proxyVersion === 1 ? " send-proxy" : " send-proxy-v2";
  const passed = ({ server, ip }: BalancedTarget) =>
    `  server ${serverName(server)} ${ip}:${destinationPort}${proxyprotocol ? header : ""} ` +
    `track ${checksOf(service)}/${serverName(server)}`;
  return [
    `listen port-${listenPort}`,
    ...ownAddresses(balancer).map((address) => `  bind ${address}:${listenPort}`),
    `  balance ${balancer.algorithm === "round_robin" ? "roundrobin" : "leastconn"}`,
    ...balancer.targets.map(passed),
    ...renderChecks(balancer, service, proxyprotocol && balancer.checksSpeakProxy ? header : ""),
  ];
}

// By themselves, for the time that a check may take to connect is not that of a client's connection.
function renderChecks(balancer: Balancer, service: BalancedService, header: string): string[] {
  const { protocol, port, interval, timeout, retries, http } = service.healthCheck;
  const proxy = header === "" ? "" : `${header} check-send-proxy`;
  const tls = protocol === "http" && http?.tls ? ` check-ssl verify none${sni(http.domain)}` : "";
  const often = `check port ${port} inter ${interval}s fall ${retries} rise ${retries}`;
  return [
    `backend ${checksOf(service)}`,
    ...[`  timeout connect ${timeout}s`, `  timeout check ${timeout}s`],
    ...renderHttpCheck(service.healthCheck),
    ...balancer.targets.map(({ server, ip }) => `  server ${serverName(server)} ${ip}:${port} ${often}${proxy}${tls}`),
  ];
}

function sni(domain: string): string {
  return domain === "" ? "" : ` check-sni ${quote(domain)}`;
}

function renderHttpCheck({ protocol, http }: HealthCheck): string[] {
  if (protocol === "tcp" || http === null) return [];
  const codes = http.statusCodes.map((code) => code.replaceAll("?", "."));
  const version = http.domain === "" ? "ver HTTP/1.0" : `ver HTTP/1.1 hdr Host ${quote(http.domain)}`;
  return [
    "  option httpchk",
    `  http-check send meth GET uri ${quote(http.path)} ${version}`,
    `  http-check expect rstatus ${quote(`^(${codes.join("|")})$`)}`,
    ...(http.response === "" ? [] : [`  http-check expect string ${quote(http.response)}`]),
  ];
}

function ownAddresses({ ipv4, ipv6Network, nic }: Balancer): string[] {
  const ipv6 = ipv6Network === null ? null : `[${ipv6Network.replace("::/64", "::1")}]`;
  return [ipv4, ipv6, nic?.ip].filter((address) => address != null);
}

const stateFields =
  "be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight " +
  "srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state " +
  "bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr " +
  "srv_agent_addr srv_agent_port";
const known = { backend: 1, server: 3, address: 4, state: 5, status: 10, result: 11 };

/**
 * What HAProxy is to take its targets for when it loads its configuration: those it knows (`show servers state`) for what
 * they were, new ones for down until their first check has passed, or, where new targets are trusted, for up until all have failed.
 */
export function renderServerStates({ services, targets, trustsNewTargets }: Balancer, shown: string): string {
  const before = shown.split("\n").map((line) => line.split(" "));
  const lines = services.flatMap((service) =>
    targets.flatMap(({ server, ip }) => {
      const { port, retries } = service.healthCheck;
      const found = before.find(
        (line) =>
          line[known.backend] === checksOf(service) &&
          line[known.server] === serverName(server) &&
          line[known.address] === ip,
      );
      // After a change of their number, those that passed so far still do.
      const health = (up: boolean) => (up ? 2 * retries - 1 : retries - 1);
      const [state, checked] = found
        ? [found[known.state], `${found[known.status]} ${found[known.result]} ${health(found[known.state] !== "0")}`]
        : [trustsNewTargets ? "2" : "0", `1 0 ${health(trustsNewTargets)}`];
      const name = `0 ${checksOf(service)} 0 ${serverName(server)} ${ip}`;
      return [`${name} ${state} 0 1 1 0 ${checked} 6 0 0 0 - ${port} - 0 ${port} - - ${port}`];
    }),
  );
  return ["1", `# ${stateFields}`, ...lines, ""].join("\n");
}

/** How targets are, from what `show stat` prints. */
export function parseHealth(stat: string): TargetHealth[] {
  const [header = "", ...lines] = stat.split("\n");
  const names = header.replace("# ", "").split(",");
  return lines.flatMap((line) => {
    const words = line.split(",");
    const field = (name: string) => words[names.indexOf(name)] ?? "";
    const port = /^checks-(\d+)$/.exec(field("pxname"))?.[1];
    const server = /^m(\d+)$/.exec(field("svname"))?.[1];
    if (port === undefined || server === undefined) return [];
    const status = field("status").startsWith("UP") ? "healthy" : "unhealthy";
    const isChecked = !["", "INI"].includes(field("check_status").replace("* ", ""));
    return [{ server: Number(server), listenPort: Number(port), status: isChecked ? status : "unknown" }];
  });
}
