import type { PlanConfig } from "../config/keys";
import { privateAddress } from "./addresses";
import { balancedPorts } from "./balanced-ports";

/** What users see first: the cluster's name, and what it leads to. */
export interface FrontDoorSpec {
  /** bbb.example.com */
  hostname: string;
  /** Undefined: the name leads to the only proxy. */
  balancer?: FrontDoorBalancerSpec;
}

/** A Load Balancer of Hetzner's: it passes TCP on, and each proxy speaks TLS itself. */
export interface FrontDoorBalancerSpec {
  /** bbb-front-door: what it is called here and at Hetzner. */
  name: string;
  /** lb11 */
  type: string;
  location: string;
  privateAddress: string;
  services: readonly FrontDoorService[];
  /** The zone that gets the records of the cluster's name; none when DNS is kept elsewhere. */
  zone?: string;
  /** For how long others may remember where the name led. */
  ttlSeconds: number;
  protect: boolean;
}

/** One port of the load balancer. */
export interface FrontDoorService {
  port: number;
  proxyPort: number;
  /** What is asked of a proxy's health port. */
  healthPath: string;
}

const services: readonly FrontDoorService[] = [
  // Certificate authorities ask a proxy that has no certificate yet.
  { port: 80, proxyPort: balancedPorts.http, healthPath: "/http" },
  { port: 443, proxyPort: balancedPorts.https, healthPath: "/https" },
];

/** Plans what the cluster's name leads to. */
export function planFrontDoor(cluster: string, config: PlanConfig): FrontDoorSpec {
  const { domain, zone = domain, dns, location, protect } = config;
  const hostname = frontDoorHostname(cluster, config);
  if (!hasFrontDoorBalancer(config)) return { hostname };
  const balancer = {
    name: `${cluster}-front-door`,
    type: config.proxyLoadBalancerType,
    location,
    privateAddress: privateAddress("hetznerLoadBalancer", 1),
    services,
    ...(dns === "hetzner" ? { zone } : {}),
    // Of records that others keep nobody knows it; they are told to take five minutes.
    ttlSeconds: dns === "hetzner" ? 60 : 300,
    protect,
  };
  return { hostname, balancer };
}

/** The name under which users see the cluster. */
export function frontDoorHostname(cluster: string, { domain }: Pick<PlanConfig, "domain">): string {
  return `${cluster}.${domain}`;
}

/** Whether a load balancer stands in front of the proxies. */
export function hasFrontDoorBalancer({ proxies }: Pick<PlanConfig, "proxies">): boolean {
  return proxies > 1;
}
