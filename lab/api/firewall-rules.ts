import type { FirewallRule } from "./fabric";
import type { Firewall, Server } from "./model";
import { parseSelector } from "./selector";
import type { Store } from "./store";

/** Whether one of a firewall's label selectors matches a server. */
export function selects(firewall: Readonly<Firewall>, server: Readonly<Server>): boolean {
  return firewall.selectors.some((selector) => parseSelector(selector)(server.labels));
}

/** The firewalls that act on a server, applied to it by id or by label selector. */
export function firewallsOf(store: Store, server: Readonly<Server>): Readonly<Firewall>[] {
  return store.firewalls.all().filter((each) => each.servers.includes(server.id) || selects(each, server));
}

/** The union of the rules of all firewalls of a server, null if it has none; no rules at all lets nothing in. */
export function effectiveRules(store: Store, server: Readonly<Server>): FirewallRule[] | null {
  const firewalls = firewallsOf(store, server);
  if (firewalls.length === 0) return null;
  const rules = firewalls.flatMap((firewall) => firewall.rules.map(withoutDescription));
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

function withoutDescription(rule: FirewallRule): FirewallRule {
  const { direction, protocol, port, sourceIps, destinationIps } = rule;
  return { direction, protocol, port: port === "any" ? "1-65535" : port, sourceIps, destinationIps };
}
