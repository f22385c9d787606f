import { expect, test } from "vitest";

import { addressWarnings } from "../../config/own-address";

test.each([
  ["a public address among them", ["8.8.8.0/24"], ["127.0.0.1", "8.8.8.8"], 0],
  ["one of two public addresses among them", ["8.8.8.0/24"], ["1.1.1.1", "8.8.8.8"], 0],
  ["everybody", ["0.0.0.0/0"], ["1.1.1.1"], 0],
  ["only addresses that a router translates", ["8.8.8.0/24"], ["192.168.1.5", "10.0.0.7", "100.64.0.1"], 0],
  ["IPv6 besides", ["8.8.8.0/24", "2001:db8::/48"], ["2a01:4f8::1", "fe80::1"], 0],
  ["a public address that is not", ["8.8.8.0/24"], ["192.168.1.5", "1.1.1.1"], 1],
  ["a public address, but only networks of IPv6", ["2001:db8::/48"], ["1.1.1.1"], 1],
])("the operator's machine with %s", (_, cidrs, own, count) => {
  expect(addressWarnings(cidrs, own)).toHaveLength(count);
});

test("the warning names the address", () => {
  expect(addressWarnings(["8.8.8.0/24"], ["1.1.1.1"])).toEqual([
    "adminCidrs does not contain 1.1.1.1, this machine's own: SSH from here will be refused",
  ]);
});
