import { type Context, Hono } from "hono";

import { byNameOrId, type Location, locations, named, type ServerType, serverTypes } from "../catalogue";
import { ApiError, notFound } from "../errors";
import { list } from "../listing";
import { type LoadBalancerType, loadBalancerTypes } from "../load-balancers/types";

const grossFactor = 1.19;
const hoursPerMonth = 730;
const includedTrafficBytes = 20 * 1024 ** 4;

/** Locations, types of servers and of load balancers. */
export function catalogueRoutes(): Hono {
  const routes = new Hono();
  routes.get("/locations", (c) => list(c, "locations", locations, (location) => location));
  routes.get("/locations/:id", (c) => c.json({ location: entry(c, "location", locations) }));
  routes.get("/server_types", (c) => list(c, "server_types", serverTypes, serverTypeView));
  routes.get("/server_types/:id", (c) => c.json({ server_type: serverTypeView(entry(c, "server type", serverTypes)) }));
  routes.get("/load_balancer_types", (c) => list(c, "load_balancer_types", loadBalancerTypes, loadBalancerTypeView));
  routes.get("/load_balancer_types/:id", (c) => {
    return c.json({ load_balancer_type: loadBalancerTypeView(entry(c, "load balancer type", loadBalancerTypes)) });
  });
  routes.all("/datacenters/*", gone);
  routes.all("/datacenters", gone);
  return routes;
}

/** A server type as the API shows it. */
export function serverTypeView(type: ServerType): object {
  const places = type.locations.map((name) => named(locations, name));
  return {
    ...{ id: type.id, name: type.name, description: type.name.toUpperCase() },
    category: type.dedicated ? "general_purpose" : "cost_optimized",
    ...{ cores: type.cores, memory: type.memoryGb, disk: type.diskGb, storage_type: "local" },
    cpu_type: type.dedicated ? "dedicated" : "shared",
    ...{ architecture: "x86", deprecated: false, deprecation: null },
    locations: places.map(({ id, name }) => ({ id, name, available: true, recommended: true, deprecation: null })),
    prices: places.map((place) => priceView(place, type.monthly)),
  };
}

/** A type of load balancer as the API shows it. */
export function loadBalancerTypeView(type: LoadBalancerType): object {
  return {
    ...{ id: type.id, name: type.name, description: type.name.toUpperCase(), deprecated: null, deprecation: null },
    ...{ max_connections: type.maxConnections, max_services: type.maxServices, max_targets: type.maxTargets },
    max_assigned_certificates: type.maxCertificates,
    prices: locations.map((place) => priceView(place, type.monthly)),
  };
}

function priceView(place: Location, monthly: number): object {
  const price = (net: number, digits: number) => ({
    net: net.toFixed(digits),
    gross: (net * grossFactor).toFixed(digits),
  });
  return {
    location: place.name,
    price_hourly: price(monthly / hoursPerMonth, 4),
    price_monthly: price(monthly, 2),
    included_traffic: includedTrafficBytes,
    price_per_tb_traffic: price(1, 4),
  };
}

function entry<T extends { id: number; name: string | null }>(c: Context, kind: string, entries: T[]): T {
  const id = c.req.param("id") ?? "";
  const found = /^\d+$/.test(id) ? byNameOrId(entries, id) : undefined;
  if (!found) throw notFound(kind, id);
  return found;
}

function gone(): never {
  throw new ApiError(410, "deprecated_api_endpoint", "datacenters were removed from the API; use locations", {
    announcement: "https://docs.hetzner.cloud/changelog",
  });
}
