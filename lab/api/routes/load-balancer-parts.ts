import type { Hono } from "hono";
import { z } from "zod";

import { readBody } from "../body";
import { named } from "../catalogue";
import type { Cloud } from "../cloud";
import {
  changedService,
  newService,
  requireService,
  requireServices,
  serviceChange,
  serviceFrom,
} from "../load-balancers/services";
import { targetBody, withoutTarget, withTarget } from "../load-balancers/target-requests";
import { loadBalancerTypes } from "../load-balancers/types";
import { answerStep, balancerActions, unlockedBalancer } from "./load-balancer-step";

/** Services and targets come and go. */
export function addBalancerParts(routes: Hono, cloud: Cloud): void {
  addServices(routes, cloud);
  routes.post(`${balancerActions}/add_target`, async (c) => {
    const body = await readBody(c, targetBody);
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    const targets = withTarget(cloud, balancer, body, named(loadBalancerTypes, balancer.type).maxTargets);
    return answerStep(c, cloud, balancer, { command: "add_target", changes: { targets } });
  });
  routes.post(`${balancerActions}/remove_target`, async (c) => {
    const body = await readBody(c, targetBody);
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    const targets = withoutTarget(balancer.targets, body);
    return answerStep(c, cloud, balancer, { command: "remove_target", changes: { targets } });
  });
}

function addServices(routes: Hono, cloud: Cloud): void {
  routes.post(`${balancerActions}/add_service`, async (c) => {
    const added = serviceFrom(await readBody(c, newService));
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    const services = [...balancer.services, added];
    requireServices(services, named(loadBalancerTypes, balancer.type).maxServices);
    return answerStep(c, cloud, balancer, { command: "add_service", changes: { services } });
  });
  routes.post(`${balancerActions}/update_service`, async (c) => {
    const body = await readBody(c, serviceChange);
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    const before = requireService(balancer.services, body.listen_port);
    const after = changedService(before, body);
    const services = balancer.services.map((service) => (service === before ? after : service));
    return answerStep(c, cloud, balancer, { command: "update_service", changes: { services } });
  });
  routes.post(`${balancerActions}/delete_service`, async (c) => {
    const { listen_port } = await readBody(c, z.object({ listen_port: z.int() }));
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    const gone = requireService(balancer.services, listen_port);
    const services = balancer.services.filter((service) => service !== gone);
    return answerStep(c, cloud, balancer, { command: "delete_service", changes: { services } });
  });
}
