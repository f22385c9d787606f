import { Hono } from "hono";
import { z } from "zod";

import { labels, name, readBody, requireFreeName } from "../body";
import { byNameOrId, locations } from "../catalogue";
import { type Cloud, publishSoon } from "../cloud";
import { invalidInput, isProtected, refused } from "../errors";
import { newService, requireServices, serviceFrom } from "../load-balancers/services";
import { targetBody, withTarget } from "../load-balancers/target-requests";
import type { LoadBalancerType } from "../load-balancers/types";
import { loadBalancerView } from "../load-balancers/view";
import type { LoadBalancer } from "../model";
import { publicAddress } from "../primary-addresses";
import { find, now } from "./find";
import { addBalancerChanges, algorithm, typeNamed } from "./load-balancer-changes";
import { addBalancerNetworks, newBalancerNic } from "./load-balancer-networks";
import { addBalancerParts } from "./load-balancer-parts";
import { ownResource, unlockedBalancer } from "./load-balancer-step";
import { addResource } from "./resource";

const creation = z.object({
  name,
  load_balancer_type: z.union([z.string(), z.int()]),
  algorithm: algorithm.default({ type: "round_robin" }),
  location: z.string().optional(),
  network_zone: z.string().optional(),
  labels: labels.default({}),
  targets: z.array(targetBody).default([]),
  services: z.array(newService).default([]),
  public_interface: z.boolean().default(true),
  network: z.int().nullish(),
});

type Creation = z.output<typeof creation>;

/** Load balancers and everything that is done to them. */
export function loadBalancerRoutes(cloud: Cloud): Hono {
  const { store, actions } = cloud;
  const routes = new Hono();
  const view = (balancer: Readonly<LoadBalancer>) => loadBalancerView(cloud, balancer);
  const kind = { key: "load_balancer", title: "load balancer", collection: store.loadBalancers, view };
  addResource(routes, { ...kind, refresh: () => cloud.balancers.refresh() });
  routes.post("/load_balancers", async (c) => {
    const body = await readBody(c, creation);
    requireFreeName("load balancer", store.loadBalancers, body.name);
    const fields = fieldsFrom(cloud, body, typeNamed(body.load_balancer_type));
    const balancer = store.loadBalancers.add((id) => ({ ...fields, ...addresses(cloud, id) }));
    const attached = () => {
      if (balancer.nic !== null) store.loadBalancers.update(balancer, { nic: { ...balancer.nic, state: "attached" } });
    };
    const create = { command: "create_load_balancer", resources: [ownResource(balancer)] };
    const work = () => cloud.balancers.apply(balancer);
    const action = actions.one({ ...create, work, done: attached }, ownResource(balancer));
    publishSoon(cloud);
    return c.json({ load_balancer: view(balancer), action }, 201);
  });
  routes.delete("/load_balancers/:id", async (c) => {
    const balancer = unlockedBalancer(cloud, c.req.param("id"));
    if (balancer.deleteProtection) throw isProtected("load balancer");
    store.loadBalancers.remove(balancer.id);
    await cloud.balancers.remove(balancer);
    publishSoon(cloud);
    return c.body(null, 204);
  });
  addBalancerParts(routes, cloud);
  addBalancerNetworks(routes, cloud);
  addBalancerChanges(routes, cloud);
  return routes;
}

function addresses({ store }: Cloud, id: number): Pick<LoadBalancer, "ipv4" | "ipv6Network"> {
  return { ipv4: publicAddress(store, "ipv4", id), ipv6Network: publicAddress(store, "ipv6", id) };
}

function fieldsFrom(
  cloud: Cloud,
  body: Creation,
  type: LoadBalancerType,
): Omit<LoadBalancer, "id" | "ipv4" | "ipv6Network"> {
  const location = locationOf(body);
  const services = body.services.map(serviceFrom);
  requireServices(services, type.maxServices);
  const network = body.network == null ? null : find(cloud.store.networks, "network", body.network);
  const nic = network === null ? null : newBalancerNic(cloud, network, location, {});
  if (nic === null && !body.public_interface) {
    throw refused("load_balancer_not_attached_to_network", "a load balancer without public interface needs a network");
  }
  const isPublic = body.public_interface;
  let targets: LoadBalancer["targets"] = [];
  for (const each of body.targets) targets = withTarget(cloud, { targets, nic, isPublic }, each, type.maxTargets);
  const { name, labels, algorithm } = body;
  return {
    ...{ name, labels, created: now(), type: type.name, location, algorithm: algorithm.type },
    ...{ services, targets, isPublic, nic, reverseNames: [], deleteProtection: false },
  };
}

function locationOf({ location, network_zone }: Creation): string {
  if ((location === undefined) === (network_zone === undefined)) {
    throw invalidInput("location", "must be given, or network_zone, and not both");
  }
  const found =
    location === undefined
      ? locations.find((each) => each.network_zone === network_zone)
      : byNameOrId(locations, location);
  if (!found) throw invalidInput("location", `there is no location '${location ?? network_zone}'`);
  return found.name;
}
