import type { Hono } from "hono";
import { z } from "zod";

import { readBody } from "../body";
import { byNameOrId } from "../catalogue";
import type { Cloud } from "../cloud";
import { invalidInput, refused } from "../errors";
import { countTargets } from "../load-balancers/targets";
import { type LoadBalancerType, loadBalancerTypes } from "../load-balancers/types";
import { ipv6Of } from "../load-balancers/view";
import { answerStep, balancerActions, unlockedBalancer } from "./load-balancer-step";
import { reverseName } from "./primary-ips";

/** How targets are chosen, as requests say it. */
export const algorithm = z.object({ type: z.enum(["round_robin", "least_connections"]) });

/** The type with a name or id; throws invalid_input. */
export function typeNamed(wanted: string | number): LoadBalancerType {
  const found = byNameOrId(loadBalancerTypes, wanted);
  if (!found) throw invalidInput("load_balancer_type", `there is no load balancer type '${wanted}'`);
  return found;
}

/** Type, algorithm, protection and reverse names are changed. */
export function addBalancerChanges(routes: Hono, cloud: Cloud): void {
  routes.post(`${balancerActions}/change_algorithm`, async (c) => {
    const { type } = await readBody(c, algorithm);
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    return answerStep(c, cloud, balancer, { command: "change_algorithm", changes: { algorithm: type } });
  });
  routes.post(`${balancerActions}/change_type`, async (c) => {
    const body = await readBody(c, z.object({ load_balancer_type: z.union([z.string(), z.int()]) }));
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    const { name, maxServices, maxTargets } = typeNamed(body.load_balancer_type);
    if (balancer.services.length > maxServices || countTargets(cloud.store, balancer.targets) > maxTargets) {
      throw refused("invalid_load_balancer_type", `the load balancer has more services or targets than ${name} allows`);
    }
    return answerStep(c, cloud, balancer, { command: "change_load_balancer_type", changes: { type: name } });
  });
  routes.post(`${balancerActions}/change_protection`, async (c) => {
    const body = await readBody(c, z.object({ delete: z.boolean().optional() }));
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    const changes = { deleteProtection: body.delete ?? balancer.deleteProtection };
    return answerStep(c, cloud, balancer, { command: "change_protection", changes });
  });
  routes.post(`${balancerActions}/change_dns_ptr`, async (c) => {
    const { ip, dns_ptr } = await readBody(c, reverseName);
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    if (ip !== balancer.ipv4 && ip !== ipv6Of(balancer)) {
      throw invalidInput("ip", `must be an address of load balancer ${balancer.id}, got '${ip}'`);
    }
    const others = balancer.reverseNames.filter((each) => each.ip !== ip);
    const reverseNames = dns_ptr === null ? others : [...others, { ip, name: dns_ptr }];
    const work = () => cloud.names.publish();
    return answerStep(c, cloud, balancer, { command: "change_dns_ptr", changes: { reverseNames }, work });
  });
}
