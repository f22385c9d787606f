import type { Hono } from "hono";
import { z } from "zod";

import { readBody } from "../body";
import { locations, named } from "../catalogue";
import type { Cloud } from "../cloud";
import { notFound, refused } from "../errors";
import type { Network, Nic } from "../model";
import { choosePrivateIp, newMacAddress } from "../private-addresses";
import { find } from "./find";
import { answerStep, balancerActions, unlockedBalancer } from "./load-balancer-step";

const attachment = z.object({ network: z.int(), ip: z.string().optional(), ip_range: z.string().optional() });

/** What a client asks of the private address. */
interface Wish {
  ip?: string | undefined;
  ipRange?: string | undefined;
}

/** A private interface for a load balancer in a location, to be attached. */
export function newBalancerNic({ store }: Cloud, network: Readonly<Network>, location: string, wish: Wish): Nic {
  const networkZone = named(locations, location).network_zone;
  const ip = choosePrivateIp(store, network, { networkZone, ip: wish.ip, ipRange: wish.ipRange });
  return { network: network.id, ip, aliasIps: [], macAddress: newMacAddress(), state: "attaching" };
}

/** The one private network that a load balancer may be attached to, and the public one. */
export function addBalancerNetworks(routes: Hono, cloud: Cloud): void {
  addAttachment(routes, cloud);
  routes.post(`${balancerActions}/enable_public_interface`, (c) => {
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    return answerStep(c, cloud, balancer, { command: "enable_public_interface", changes: { isPublic: true } });
  });
  routes.post(`${balancerActions}/disable_public_interface`, (c) => {
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    if (balancer.nic === null) {
      throw refused("load_balancer_not_attached_to_network", "the load balancer is not attached to a network");
    }
    if (balancer.targets.some(({ usePrivateIp }) => !usePrivateIp)) {
      throw refused("targets_without_use_private_ip", "the load balancer has targets that use the public IP");
    }
    return answerStep(c, cloud, balancer, { command: "disable_public_interface", changes: { isPublic: false } });
  });
}

function addAttachment(routes: Hono, cloud: Cloud): void {
  const { store } = cloud;
  routes.post(`${balancerActions}/attach_to_network`, async (c) => {
    const body = await readBody(c, attachment);
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    const network = find(store.networks, "network", body.network);
    if (balancer.nic !== null) {
      throw refused("load_balancer_already_attached", "the load balancer is already attached to a network");
    }
    const nic = newBalancerNic(cloud, network, balancer.location, { ip: body.ip, ipRange: body.ip_range });
    return answerStep(c, cloud, balancer, {
      ...{ command: "attach_to_network", changes: { nic }, resources: [{ id: network.id, type: "network" }] },
      done: () => store.loadBalancers.update(balancer, { nic: { ...nic, state: "attached" } }),
    });
  });
  routes.post(`${balancerActions}/detach_from_network`, async (c) => {
    const { network } = await readBody(c, z.object({ network: z.int() }));
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    const { nic } = balancer;
    if (nic?.network !== network) throw notFound("load balancer is not attached to it; network", network);
    // Targets that are reached there go as well; clients find them gone and take it as done.
    const targets = balancer.targets.filter(({ usePrivateIp }) => !usePrivateIp);
    return answerStep(c, cloud, balancer, {
      ...{ command: "detach_from_network", changes: { nic: { ...nic, state: "detaching" }, targets } },
      resources: [{ id: network, type: "network" }],
      done: () => store.loadBalancers.update(balancer, { nic: null }),
    });
  });
}
