/** What a machine is there for. */
export type Role = "proxy" | "node";

/** Who may talk to a machine: everybody, the administrators' own networks, or machines of a role. */
export type Peer = "internet" | "administrators" | Role;

/** One line of who may talk to whom. */
export interface Flow {
  from: Peer;
  to: Role;
  protocol: "tcp" | "udp" | "icmp";
  /** A port or a range such as 16384-32768; none for ICMP. */
  port?: string;
  why: string;
}

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

/** Who may talk to whom; everything else is closed. */
export const flows: readonly Flow[] = [
  ...forEveryMachine.map((flow) => ({ ...flow, to: "proxy" as const })),
  ...forEveryMachine.map((flow) => ({ ...flow, to: "node" as const })),
  { from: "internet", to: "node", protocol: "tcp", port: "3478", why: "TURN" },
  { from: "internet", to: "node", protocol: "udp", port: "3478", why: "STUN and TURN" },
  { from: "internet", to: "node", protocol: "udp", port: "16384-32768", why: "audio, video and screen sharing" },
  { from: "proxy", to: "node", protocol: "tcp", port: "443", why: "the client's pages and the API's index" },
];

/** The flows to a role as rules of Hetzner's firewall, which does not act within the private network. */
export function firewallRules(to: Role, adminCidrs: readonly string[]): FirewallRule[] {
  const sources: Partial<Record<Peer, readonly string[]>> = {
    internet: ["0.0.0.0/0", "::/0"],
    administrators: adminCidrs,
  };
  return flows
    .filter((flow) => flow.to === to && sources[flow.from] !== undefined)
    .map(({ from, protocol, port, why }) => ({
      direction: "in",
      protocol,
      ...(port === undefined ? {} : { port }),
      sourceIps: [...(sources[from] ?? [])],
      description: why,
    }));
}
