import type { PlanConfig } from "../config/keys";
import { privateNetwork } from "./addresses";
import { type FirewallRule, firewallRules, planFlows, type Role } from "./flows";
import { hasOwnBalancer } from "./machines";

/** A firewall at Hetzner, in front of all machines of a role. It remembers connections, and of those takes a limited number. */
export interface FirewallSpec {
  name: string;
  rules: FirewallRule[];
}

/** The private network and the firewalls. */
export interface NetworkSpec {
  name: string;
  /** eu-central */
  zone: string;
  ipRange: string;
  subnet: string;
  /** None in front of the proxy, which floods are meant for: what its own firewall does not remember cannot be filled. */
  firewalls: Record<"node", FirewallSpec> & { balancer?: FirewallSpec };
}

/** Plans the network of a cluster, and a firewall for each role that is to have one. */
export function planNetwork(name: string, config: PlanConfig): NetworkSpec {
  const { location, adminCidrs } = config;
  const flows = planFlows(config);
  const firewall = (role: Role) => ({ name: `${name}-${role}`, rules: firewallRules(role, flows, adminCidrs) });
  return {
    name: `${name}-network`,
    zone: networkZones[location] ?? "eu-central",
    ...privateNetwork,
    firewalls: {
      ...(hasOwnBalancer(config) ? { balancer: firewall("balancer") } : {}),
      node: firewall("node"),
    },
  };
}

const networkZones: Record<string, string> = { ash: "us-east", hil: "us-west", sin: "ap-southeast" };
