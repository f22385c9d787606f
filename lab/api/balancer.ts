import type { PrivateNic } from "./private-nic";

/** How an HTTP check asks and what it takes for an answer; status codes may be patterns such as `2??`. */
export interface HttpCheck {
  domain: string;
  path: string;
  response: string;
  statusCodes: string[];
  tls: boolean;
}

/** How it is found out whether a target serves; interval and timeout in seconds. */
export interface HealthCheck {
  protocol: "http" | "tcp";
  port: number;
  interval: number;
  timeout: number;
  retries: number;
  /** Null for `tcp`. */
  http: HttpCheck | null;
}

/** A port that a load balancer listens on; it passes TCP on as it comes. */
export interface BalancedService {
  listenPort: number;
  destinationPort: number;
  proxyprotocol: boolean;
  healthCheck: HealthCheck;
}

/** How a load balancer chooses among its targets. */
export type Algorithm = "round_robin" | "least_connections";

/** What Hetzner does not tell of its load balancers, or did once; faults switch it. */
export interface BalancerHabits {
  proxyVersion: 1 | 2;
  /** Whether health checks begin with the PROXY protocol where the service speaks it. */
  checksSpeakProxy: boolean;
  /** Whether a new target gets traffic before its first check has passed. */
  trustsNewTargets: boolean;
}

/** What a load balancer needs to serve; `ipv6Network` is a /64 of which it takes `::1`. */
export interface Balancer extends BalancerHabits {
  id: number;
  /** Null without a public interface. */
  ipv4: string | null;
  ipv6Network: string | null;
  nic: PrivateNic | null;
  maxConnections: number;
  algorithm: Algorithm;
  services: readonly BalancedService[];
  targets: readonly BalancedTarget[];
}

/** A server that gets traffic, at the IPv4 address where it is reached. */
export interface BalancedTarget {
  server: number;
  ip: string;
}

/** What the checks of one service say of one server. */
export interface TargetHealth {
  server: number;
  listenPort: number;
  status: "healthy" | "unhealthy" | "unknown";
}

/** What load balancers become. */
export interface BalancerFabric {
  /** Has a load balancer be like this, whether it was there before or not; connections that are open stay open. */
  set(balancer: Balancer): Promise<void>;
  /** Takes it away with its connections; fine if already gone. */
  remove(id: number): Promise<void>;
  /** What the checks say at this moment. */
  health(id: number): Promise<TargetHealth[]>;
}
