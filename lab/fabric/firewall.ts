import type { FirewallRule } from "../api/fabric";
import { linkName } from "./links";
import { run } from "./shell";

/** The nftables ruleset in front of all machines: only those in the map are filtered, by their public link. */
export function renderRuleset(firewalls: ReadonlyMap<number, FirewallRule[]>): string {
  const inward: string[] = [];
  const outward: string[] = [];
  for (const [id, rules] of [...firewalls].sort(([a], [b]) => a - b)) {
    const incoming = rules.filter(({ direction }) => direction === "in");
    inward.push(...lines(`oifname "${linkName(id)}"`, "saddr", incoming, ({ sourceIps }) => sourceIps));
    const outgoing = rules.filter(({ direction }) => direction === "out");
    // As at Hetzner: the first outbound rule turns "all allowed" into "only what is listed".
    if (outgoing.length > 0) {
      outward.push(...lines(`iifname "${linkName(id)}"`, "daddr", outgoing, ({ destinationIps }) => destinationIps));
    }
  }
  return [
    "table inet machines",
    "delete table inet machines",
    "table inet machines {",
    ...chain("inward", "postrouting", inward),
    ...chain("outward", "prerouting", outward),
    "}",
    "",
  ].join("\n");
}

function chain(name: string, hook: string, rules: string[]): string[] {
  return [
    `  chain ${name} {`,
    `    type filter hook ${hook} priority 0; policy accept;`,
    "    ct state established,related accept",
    // Without neighbour discovery nobody would find the machine's IPv6 address.
    "    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert } accept",
    ...rules.map((rule) => `    ${rule}`),
    "  }",
  ];
}

function lines(
  link: string,
  side: "saddr" | "daddr",
  rules: FirewallRule[],
  cidrsOf: (rule: FirewallRule) => string[],
): string[] {
  const accepted = rules.flatMap((rule) =>
    cidrsOf(rule).map((cidr) => `${link} ${matchCidr(cidr, side)} ${matchProtocol(rule, cidr)} accept`),
  );
  return [...accepted, `${link} counter drop`];
}

function matchCidr(cidr: string, side: string): string {
  if (cidr === "0.0.0.0/0") return "meta nfproto ipv4";
  if (cidr === "::/0") return "meta nfproto ipv6";
  return cidr.includes(":") ? `ip6 ${side} ${cidr}` : `ip ${side} ${cidr}`;
}

function matchProtocol({ protocol, port }: FirewallRule, cidr: string): string {
  if (protocol === "icmp") return `meta l4proto ${cidr.includes(":") ? "ipv6-icmp" : "icmp"}`;
  if (protocol === "esp" || protocol === "gre") return `meta l4proto ${protocol}`;
  return port === null || port === "any" ? `meta l4proto ${protocol}` : `${protocol} dport ${port}`;
}

/** The rules in front of the machines. */
export class Firewalls {
  private readonly rules = new Map<number, FirewallRule[]>();

  /** Puts a machine's rules, or null for none, in force in one step; connections that are open stay open. */
  async set(id: number, rules: FirewallRule[] | null): Promise<void> {
    if (rules === null) this.rules.delete(id);
    else this.rules.set(id, rules);
    await run("nft", ["-f", "-"], renderRuleset(this.rules));
  }
}
