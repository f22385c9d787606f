import { describe, expect, test } from "vitest";

import type { FirewallRule } from "../../api/fabric";
import { renderRuleset } from "../../fabric/firewall";

function rule(values: Partial<FirewallRule>): FirewallRule {
  return { direction: "in", protocol: "tcp", port: null, sourceIps: [], destinationIps: [], ...values };
}

function filters(ruleset: string): string[] {
  const lines = ruleset.split("\n").map((line) => line.trim());
  return lines.filter((line) => line.startsWith("oifname") || line.startsWith("iifname"));
}

describe("the ruleset in front of the machines", () => {
  test("a machine without a firewall is not mentioned", () => {
    expect(filters(renderRuleset(new Map()))).toEqual([]);
  });

  test("a firewall without rules drops everything that comes in and nothing that goes out", () => {
    expect(filters(renderRuleset(new Map([[7, []]])))).toEqual(['oifname "m7" counter drop']);
  });

  test("every source is accepted by a line of its own, in its own address family, before the drop", () => {
    const rules = [
      rule({ port: "22", sourceIps: ["198.51.100.2/32", "2001:db8:ffff::2/128"] }),
      rule({ protocol: "udp", port: "16384-32768", sourceIps: ["0.0.0.0/0", "::/0"] }),
      rule({ protocol: "icmp", sourceIps: ["10.0.0.0/8", "::/0"] }),
      rule({ protocol: "gre", sourceIps: ["0.0.0.0/0"] }),
    ];
    expect(filters(renderRuleset(new Map([[1, rules]])))).toEqual([
      'oifname "m1" ip saddr 198.51.100.2/32 tcp dport 22 accept',
      'oifname "m1" ip6 saddr 2001:db8:ffff::2/128 tcp dport 22 accept',
      'oifname "m1" meta nfproto ipv4 udp dport 16384-32768 accept',
      'oifname "m1" meta nfproto ipv6 udp dport 16384-32768 accept',
      'oifname "m1" ip saddr 10.0.0.0/8 meta l4proto icmp accept',
      'oifname "m1" meta nfproto ipv6 meta l4proto ipv6-icmp accept',
      'oifname "m1" meta nfproto ipv4 meta l4proto gre accept',
      'oifname "m1" counter drop',
    ]);
  });

  test("the first outbound rule closes everything else that goes out", () => {
    const rules = [rule({ direction: "out", port: "443", destinationIps: ["0.0.0.0/0"] })];
    expect(filters(renderRuleset(new Map([[1, rules]])))).toEqual([
      'oifname "m1" counter drop',
      'iifname "m1" meta nfproto ipv4 tcp dport 443 accept',
      'iifname "m1" counter drop',
    ]);
  });

  test("the whole table is replaced in one transaction", () => {
    expect(renderRuleset(new Map()).split("\n").slice(0, 3)).toEqual([
      "table inet machines",
      "delete table inet machines",
      "table inet machines {",
    ]);
  });
});
