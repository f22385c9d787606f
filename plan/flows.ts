import { balancedPorts } from "./balanced-ports";

/** What a machine is there for. */
export type Role = "proxy" | "node" | "balancer";

const roles: readonly Role[] = ["proxy", "node", "balancer"];

/**
 * Who may talk to a machine: everybody outside, the administrators' own networks, machines by role, Hetzner's load
 * balancer in front of several proxies, or networks.
 */
export type Peer = "internet" | "administrators" | "proxy" | "balancer" | "frontDoor" | readonly string[];

/** One line of who may talk to whom. */
export interface Flow {
  from: Peer;
  to: Role;
  protocol: "tcp" | "udp" | "icmp";
  /** A port or a range such as 16384-32768; none for ICMP. */
  port?: string;
  why: string;
}

/** What an administrator opens besides. */
export interface ExtraRule {
  to: Role | "all";
  protocol: "tcp" | "udp";
  port: string;
  from: readonly string[];
  why: string;
}

/** Of whom the flows depend on the configuration. */
export interface FlowSettings {
  extraRules: readonly ExtraRule[];
  monitoringCidrs: readonly string[];
}

/** Where every machine tells its metrics. */
export const metricsPort = "9443";

/** A rule of Hetzner's firewall, for traffic that comes in. */
export interface FirewallRule {
  direction: "in";
  protocol: string;
  port?: string;
  sourceIps: string[];
  description: string;
}

const forEveryMachine: Omit<Flow, "to">[] = [
  { from: "administrators", protocol: "tcp", port: "22", why: "SSH of the administrators" },
  { from: "internet", protocol: "tcp", port: "80", why: "HTTP" },
  { from: "internet", protocol: "tcp", port: "443", why: "HTTPS" },
  { from: "internet", protocol: "icmp", why: "ping and path MTU" },
];

const { http, health } = balancedPorts;

const always: readonly Flow[] = [
  ...roles.flatMap((to) => forEveryMachine.map((flow) => ({ ...flow, to }))),
  { from: "internet", to: "node", protocol: "tcp", port: "3478", why: "TURN" },
  { from: "internet", to: "node", protocol: "udp", port: "3478", why: "STUN and TURN" },
  { from: "internet", to: "node", protocol: "udp", port: "16384-32768", why: "audio, video and screen sharing" },
  { from: "proxy", to: "node", protocol: "tcp", port: "443", why: "the client's pages and the API's index" },
  {
    from: "frontDoor",
    to: "proxy",
    protocol: "tcp",
    port: `${http}-${health}`,
    why: "what comes by the load balancer",
  },
  {
    from: "proxy",
    to: "proxy",
    protocol: "tcp",
    port: `${health}`,
    why: "what certificate authorities ask of another",
  },
  { from: "balancer", to: "node", protocol: "tcp", port: "443", why: "the API, and the player of recordings" },
];

/** Hetzner's firewalls take 50 rules each, and eight of a node's are ours. */
export const mostExtraRules = 40;

/** Who may talk to whom; everything else is closed. */
export function planFlows({ extraRules, monitoringCidrs }: FlowSettings): Flow[] {
  const rolesOf = (to: ExtraRule["to"]) => (to === "all" ? roles : [to]);
  const metrics = { protocol: "tcp", port: metricsPort, from: monitoringCidrs, why: "metrics" } as const;
  return [
    ...always,
    ...(monitoringCidrs.length > 0 ? roles.map((to) => ({ ...metrics, to })) : []),
    ...extraRules.flatMap((rule) => rolesOf(rule.to).map((to) => ({ ...rule, to }))),
  ];
}

/** The flows to a role as rules of Hetzner's firewall, which does not act within the private network. */
export function firewallRules(to: Role, flows: readonly Flow[], adminCidrs: readonly string[]): FirewallRule[] {
  const sources: Partial<Record<string, readonly string[]>> = {
    internet: ["0.0.0.0/0", "::/0"],
    administrators: adminCidrs,
  };
  return flows
    .filter((flow) => flow.to === to)
    .map((flow) => ({ ...flow, sourceIps: networksOf(flow.from, sources) }))
    .filter(({ sourceIps }) => sourceIps.length > 0)
    .map(({ protocol, port, why, sourceIps }) => ({
      direction: "in",
      protocol,
      ...(port === undefined ? {} : { port }),
      sourceIps,
      description: why,
    }));
}

/** Networks by the peers that have names. */
export type Networks = Record<"administrators" | "proxy" | "balancer" | "frontDoor", readonly string[]>;

/**
 * The flows to a role as rows for the machine's own firewall, such as `tcp 22 203.0.113.7/32`; without a network a row
 * is for everybody outside of the private network.
 */
export function hostRules(to: Role, flows: readonly Flow[], networks: Networks): string[] {
  return flows
    .filter((flow) => flow.to === to && (flow.from === "internet" || networksOf(flow.from, networks).length > 0))
    .map(({ protocol, port, from }) =>
      [protocol, ...(port === undefined ? [] : [port]), ...networksOf(from, networks)].join(" "),
    );
}

function networksOf(from: Peer, named: Partial<Record<string, readonly string[]>>): string[] {
  return [...(typeof from === "string" ? (named[from] ?? []) : from)];
}
