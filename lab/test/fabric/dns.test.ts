import { expect, test } from "vitest";

import type { DnsRecord } from "../../api/fabric";
import { renderUnboundConfig, renderZone } from "../../fabric/dns";

const a = (name: string, value: string, ttl = 60): DnsRecord => ({ name, type: "A", ttl, value });

test("the zone has a start of authority, and each record once, in any case", () => {
  const records = [a("x.test.", "192.0.2.1"), a("X.test.", "192.0.2.1"), a("x.test.", "192.0.2.2", 300)];
  expect(renderZone(records)).toBe(
    `. 60 IN SOA dns.lab.test. admin.lab.test. 1 3600 600 86400 60
x.test. 60 IN A 192.0.2.1
x.test. 300 IN A 192.0.2.2
`,
  );
});

test("no zone within it is left to other name servers, which are not there", () => {
  const ofZone = { name: "x.test.", ttl: 3600, value: "ns.example.net." };
  const records = [{ ...ofZone, type: "NS" }, { ...ofZone, type: "SOA" }, a("x.test.", "192.0.2.1")];
  expect(renderZone(records)).toMatch(/^\. \d+ IN SOA .*\nx\.test\. 60 IN A 192\.0\.2\.1\n$/);
});

test("the server reads the zone as a whole, so that no name is away while another changes", () => {
  const config = renderUnboundConfig("/lab/dns");
  expect(config).toContain('zonefile: "/lab/dns/root.zone"');
  expect(config).not.toContain("local-data");
});
