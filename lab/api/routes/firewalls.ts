import { Hono } from "hono";
import { z } from "zod";

import { canonicalCidr } from "../addresses";
import { labels, name, readBody, requireFreeName } from "../body";
import type { Cloud } from "../cloud";
import { ApiError, refused } from "../errors";
import { selects } from "../firewall-rules";
import type { Action, DescribedRule, Firewall } from "../model";
import { parseSelector } from "../selector";
import { find, now } from "./find";
import { addResource } from "./resource";

const maxRules = 50;
const maxCidrs = 100;

const cidrs = z
  .array(z.string().refine((text) => canonicalCidr(text) !== undefined, "must be a CIDR such as 192.0.2.0/24"))
  .max(maxCidrs)
  .default([]);
const port = z.string().refine(isPort, "must be a port from 1 to 65535 or a range such as 80-90");
const rule = z
  .object({
    direction: z.enum(["in", "out"]),
    protocol: z.enum(["tcp", "udp", "icmp", "esp", "gre"]),
    port: port.nullish(),
    source_ips: cidrs,
    destination_ips: cidrs,
    description: z.string().max(255).nullish(),
  })
  .refine((each) => ["tcp", "udp"].includes(each.protocol) === Boolean(each.port), {
    path: ["port"],
    message: "is required for tcp and udp and not allowed for other protocols",
  })
  .refine((each) => (each.direction === "in" ? each.source_ips : each.destination_ips).length > 0, {
    path: ["source_ips"],
    message: "a rule needs source_ips (direction in) or destination_ips (direction out)",
  });
const rules = z.array(rule).max(maxRules).default([]);
const target = z.discriminatedUnion("type", [
  z.object({ type: z.literal("server"), server: z.object({ id: z.int() }) }),
  z.object({ type: z.literal("label_selector"), label_selector: z.object({ selector: z.string().min(1) }) }),
]);
const creation = z.object({ name, labels: labels.default({}), rules, apply_to: z.array(target).default([]) });

type Target = z.output<typeof target>;

/** Firewalls, their rules and what they are applied to. */
export function firewallRoutes(cloud: Cloud): Hono {
  const { store } = cloud;
  const routes = new Hono();
  const view = (firewall: Readonly<Firewall>) => firewallView(cloud, firewall);
  const get = addResource(routes, { key: "firewall", title: "firewall", collection: store.firewalls, view });
  routes.post("/firewalls", async (c) => {
    const body = await readBody(c, creation);
    requireFreeName("firewall", store.firewalls, body.name);
    const fields = { name: body.name, labels: body.labels, created: now(), rules: body.rules.map(storedRule) };
    const applied = withTargets(cloud, { servers: [], selectors: [] }, body.apply_to);
    const firewall = store.firewalls.add(() => ({ ...fields, ...applied }));
    const actions = [
      ...(body.rules.length > 0 ? [act(cloud, firewall, "set_firewall_rules")] : []),
      ...(body.apply_to.length > 0 ? [act(cloud, firewall, "apply_firewall")] : []),
    ];
    return c.json({ firewall: view(firewall), actions }, 201);
  });
  routes.delete("/firewalls/:id", (c) => {
    const firewall = get(c.req.param("id"));
    if (firewall.servers.length + firewall.selectors.length > 0) {
      throw refused("resource_in_use", `firewall with ID '${firewall.id}' is still in use`);
    }
    store.firewalls.remove(firewall.id);
    return c.body(null, 204);
  });
  addActions(routes, cloud, get);
  return routes;
}

function addActions(routes: Hono, cloud: Cloud, get: (id: string) => Readonly<Firewall>): void {
  const { store } = cloud;
  routes.post("/firewalls/:id/actions/set_rules", async (c) => {
    const firewall = get(c.req.param("id"));
    const body = await readBody(c, z.object({ rules }));
    store.firewalls.update(firewall, { rules: body.rules.map(storedRule) });
    return c.json({ actions: [act(cloud, firewall, "set_firewall_rules")] }, 201);
  });
  routes.post("/firewalls/:id/actions/apply_to_resources", async (c) => {
    const firewall = get(c.req.param("id"));
    const body = await readBody(c, z.object({ apply_to: z.array(target).min(1) }));
    store.firewalls.update(firewall, withTargets(cloud, firewall, body.apply_to));
    return c.json({ actions: [act(cloud, firewall, "apply_firewall")] }, 201);
  });
  routes.post("/firewalls/:id/actions/remove_from_resources", async (c) => {
    const firewall = get(c.req.param("id"));
    const body = await readBody(c, z.object({ remove_from: z.array(target).min(1) }));
    store.firewalls.update(firewall, withoutTargets(cloud, firewall, body.remove_from));
    return c.json({ actions: [act(cloud, firewall, "remove_firewall")] }, 201);
  });
}

function act(cloud: Cloud, firewall: Readonly<Firewall>, command: string): Readonly<Action> {
  const resources = [{ id: firewall.id, type: "firewall" }];
  return cloud.actions.one({ command, resources, work: () => cloud.machines.applyFirewalls() });
}

function isPort(text: string): boolean {
  if (text === "any") return true;
  if (!/^\d{1,5}(-\d{1,5})?$/.test(text)) return false;
  const [from = 0, to = from] = text.split("-").map(Number);
  return from >= 1 && to <= 65535 && from <= to;
}

function storedRule(each: z.output<typeof rule>): DescribedRule {
  const canonical = (texts: string[]) => texts.map((text) => canonicalCidr(text) as string);
  const { direction, protocol } = each;
  return {
    ...{ direction, protocol, port: each.port ?? null, description: each.description ?? null },
    sourceIps: canonical(each.source_ips),
    destinationIps: canonical(each.destination_ips),
  };
}

type Applied = Pick<Firewall, "servers" | "selectors">;

function withTargets({ store }: Cloud, applied: Applied, added: Target[]): Applied {
  const result = { servers: [...applied.servers], selectors: [...applied.selectors] };
  for (const each of added) {
    const [kind, value] =
      each.type === "server" ? ["servers", each.server.id] : ["selectors", each.label_selector.selector];
    if (each.type === "server") find(store.servers, "server", each.server.id);
    else parseSelector(each.label_selector.selector, "apply_to.label_selector.selector");
    const present = result[kind as keyof Applied] as unknown[];
    if (present.includes(value)) throw refused("firewall_already_applied", `firewall is already applied to '${value}'`);
    present.push(value);
  }
  return result;
}

function withoutTargets({ store }: Cloud, firewall: Readonly<Firewall>, removed: Target[]): Applied {
  const result = { servers: [...firewall.servers], selectors: [...firewall.selectors] };
  for (const each of removed) {
    const [kind, value] =
      each.type === "server" ? ["servers", each.server.id] : ["selectors", each.label_selector.selector];
    const present = result[kind as keyof Applied] as unknown[];
    const index = present.indexOf(value);
    const server = each.type === "server" ? store.servers.get(each.server.id) : undefined;
    if (index < 0 && server && selects(firewall, server)) {
      throw refused("firewall_managed_by_label_selector", "firewall is applied to the server by a label selector");
    }
    if (index < 0) throw new ApiError(404, "firewall_resource_not_found", `firewall is not applied to '${value}'`);
    present.splice(index, 1);
  }
  return result;
}

function firewallView({ store }: Cloud, firewall: Readonly<Firewall>): object {
  const { id, name, labels, created } = firewall;
  const server = (serverId: number) => ({ type: "server", server: { id: serverId } });
  const selected = (selector: string) => ({
    type: "label_selector",
    label_selector: { selector },
    applied_to_resources: store.servers
      .all()
      .filter((each) => parseSelector(selector)(each.labels))
      .map((each) => server(each.id)),
  });
  const rules = firewall.rules.map(({ direction, protocol, port, description, sourceIps, destinationIps }) => ({
    ...{ direction, protocol, port, description, source_ips: sourceIps, destination_ips: destinationIps },
  }));
  return {
    id,
    name,
    labels,
    created,
    rules,
    applied_to: [...firewall.servers.map(server), ...firewall.selectors.map(selected)],
  };
}
