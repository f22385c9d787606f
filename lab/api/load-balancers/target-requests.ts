import { isIPv4 } from "node:net";
import { z } from "zod";

import type { Cloud } from "../cloud";
import { ApiError, refused } from "../errors";
import type { LoadBalancer, Target } from "../model";
import { find } from "../routes/find";
import { parseSelector } from "../selector";
import { tooMany } from "./services";
import { countTargets, privateIp, publicIp } from "./targets";

const usePrivateIp = z.boolean().default(false);

/** A target as requests name it. */
export const targetBody = z.discriminatedUnion("type", [
  z.object({ type: z.literal("server"), server: z.object({ id: z.int() }), use_private_ip: usePrivateIp }),
  z.object({
    type: z.literal("label_selector"),
    label_selector: z.object({ selector: z.string().min(1) }),
    use_private_ip: usePrivateIp,
  }),
  z.object({
    type: z.literal("ip"),
    ip: z.object({ ip: z.string().refine(isIPv4, "must be an IPv4 address") }),
    use_private_ip: z.literal(false, { error: "is for servers and label selectors" }).optional(),
  }),
]);

type TargetBody = z.output<typeof targetBody>;

/** What a new target must fit to. */
export type Targeted = Pick<LoadBalancer, "targets" | "nic" | "isPublic">;

/** The targets with one more; throws when Hetzner would refuse it. */
export function withTarget(cloud: Cloud, balancer: Targeted, body: TargetBody, most: number): Target[] {
  if (body.type === "ip") throw foreignIp(cloud, body.ip.ip);
  const target = targetFrom(body);
  if (balancer.targets.some((each) => isSame(each, target))) {
    throw new ApiError(409, "target_already_defined", "the target is already defined");
  }
  if (target.usePrivateIp && balancer.nic === null) {
    throw refused("load_balancer_not_attached_to_network", "the load balancer is not attached to a network");
  }
  if (!target.usePrivateIp && !balancer.isPublic) {
    throw refused("load_balancer_public_interface_disabled", "the load balancer has no public interface");
  }
  if (target.type === "server") requireReachable(cloud, balancer, target.server, target.usePrivateIp);
  else parseSelector(target.selector, "label_selector.selector");
  const targets = [...balancer.targets, target];
  if (countTargets(cloud.store, targets) > most) throw tooMany("targets", most);
  return targets;
}

/** The targets without one; throws when it is none of them. */
export function withoutTarget(targets: readonly Target[], body: TargetBody): Target[] {
  const kept = targets.filter((each) => body.type === "ip" || !isSame(each, targetFrom(body)));
  if (kept.length < targets.length) return kept;
  throw new ApiError(404, "load_balancer_target_not_found", "load balancer target not found");
}

function targetFrom(body: Exclude<TargetBody, { type: "ip" }>): Target {
  const usePrivateIp = body.use_private_ip;
  if (body.type === "server") return { type: "server", server: body.server.id, usePrivateIp };
  return { type: "label_selector", selector: body.label_selector.selector, usePrivateIp };
}

function isSame(a: Target, b: Target): boolean {
  if (a.type === "server") return b.type === "server" && a.server === b.server;
  return b.type === "label_selector" && a.selector === b.selector;
}

function requireReachable(cloud: Cloud, balancer: Targeted, id: number, usePrivateIp: boolean): void {
  const server = find(cloud.store.servers, "server", id);
  if (usePrivateIp && privateIp(server, balancer) === undefined) {
    throw refused("server_not_attached_to_network", `server ${id} is not attached to the load balancer's network`);
  }
  if (!usePrivateIp && publicIp(cloud.store, id) === undefined) {
    throw refused("missing_ipv4", `server ${id} has no public IPv4 address`);
  }
}

// Addresses are for dedicated servers of the same customer, of which the lab has none.
function foreignIp({ store }: Cloud, ip: string): ApiError {
  const addresses = [...store.primaryIps.all().map((each) => each.ip), ...store.loadBalancers.all().map((b) => b.ipv4)];
  if (addresses.includes(ip)) {
    return refused("cloud_resource_ip_not_allowed", `the IP ${ip} belongs to a cloud resource`);
  }
  return refused("ip_not_owned", `the IP ${ip} is not owned by the owner of the project`);
}
