import { describe, expect, it } from "vitest";

import { canonicalCidr, freePublicAddress, inIpv6Network, parseRange, reverseZoneName } from "../../api/addresses";

describe("addresses", () => {
  it.each([
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["192.0.2.77/24", "192.0.2.0/24"],
    ["255.255.255.255/32", "255.255.255.255/32"],
    ["::/0", "::/0"],
    ["2001:DB8:0:0::1/128", "2001:db8::1/128"],
    ["2001:db8:1:2:3::/60", "2001:db8:1::/60"],
  ])("the CIDR %s is %s in canonical form", (text, canonical) => {
    expect(canonicalCidr(text)).toBe(canonical);
  });

  it.each(["192.0.2.1", "192.0.2.0/33", "::/129", "x/8", "/8", ""])("'%s' is no CIDR", (text) => {
    expect(canonicalCidr(text)).toBeUndefined();
  });

  it("a range with host bits is none", () => {
    expect(parseRange("10.0.1.0/24")).toEqual({ first: 167772416, prefix: 24 });
    expect(parseRange("10.0.1.1/24")).toBeUndefined();
  });

  it("a PTR record of IPv4 lies under in-addr.arpa, of IPv6 under ip6.arpa", () => {
    expect(reverseZoneName("203.0.113.10")).toBe("10.113.0.203.in-addr.arpa.");
    expect(reverseZoneName("2001:db8:1::1")).toBe(
      "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.",
    );
  });

  it("an IPv6 address belongs to the /64 that holds it, however it is written", () => {
    expect(inIpv6Network("2001:DB8:1:0::5", "2001:db8:1::/64")).toBe(true);
    expect(inIpv6Network("2001:db8:1:1::5", "2001:db8:1::/64")).toBe(false);
  });

  it("public addresses are given in turn, and never twice", () => {
    expect(freePublicAddress("ipv4", 0, new Set())).toBe("203.0.113.10");
    expect(freePublicAddress("ipv4", 240, new Set())).toBe("203.0.113.250");
    expect(freePublicAddress("ipv4", 240, new Set(["203.0.113.250"]))).toBe("203.0.113.10");
    expect(freePublicAddress("ipv6", 15, new Set())).toBe("2001:db8:10::/64");
  });
});
