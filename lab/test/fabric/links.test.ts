import { describe, expect, test } from "vitest";

import { type GuestNic, linkName, machineLink, machineMac, nextDevice, privateLink } from "../../fabric/links";

const machine = {
  id: 1001,
  name: "bbb",
  image: "debian-12",
  userData: "",
  sshPublicKeys: [],
  cores: 2,
  memoryGb: 4,
  volumes: [],
};
const nic: GuestNic = {
  networkId: 7,
  ip: "10.0.1.2",
  ipRange: "10.0.0.0/16",
  gateway: "10.0.0.1",
  macAddress: "86:00:00:00:00:01",
  device: "enp7s0",
};

describe("the links of a machine", () => {
  test("the public address is routed, and the gateway is on the link", () => {
    const { fabric, guest } = machineLink({ ...machine, ipv4: "203.0.113.10", ipv6Network: "2001:db8:a::/64" });
    expect(fabric).toContain("route add 203.0.113.10/32 dev m1001 src 198.51.100.2");
    expect(fabric).toContain("route add 2001:db8:a::/64 dev m1001 src 2001:db8:ffff::2");
    expect(guest).toEqual([
      "link set lo up",
      "link set eth0 up",
      "addr add 203.0.113.10/32 dev eth0",
      "route add 172.31.1.1 dev eth0 src 203.0.113.10",
      "route add default via 172.31.1.1 dev eth0",
      "addr add 2001:db8:a::1/64 dev eth0 nodad",
      "route add ::/0 via fe80::1 dev eth0",
    ]);
  });

  test("a machine without public addresses has neither addresses nor a default route", () => {
    const { guest } = machineLink({ ...machine, ipv4: null, ipv6Network: null });
    expect(guest).toEqual(["link set lo up", "link set eth0 up"]);
  });

  test("the private range is reached by the network's gateway, with the network's packet size", () => {
    const { fabric, guest } = privateLink(1001, nic);
    expect(fabric.join()).toContain("mtu 1450 netns n7");
    expect(fabric.join()).toContain("peer name enp7s0 address 86:00:00:00:00:01 mtu 1450 netns m1001");
    expect(guest).toContain("route add 10.0.0.0/16 via 10.0.0.1 dev enp7s0 src 10.0.1.2");
  });

  test("a further network takes the lowest free interface", () => {
    expect(nextDevice([])).toBe("enp7s0");
    expect(nextDevice([nic])).toBe("enp8s0");
    expect(nextDevice([{ ...nic, device: "enp8s0" }])).toBe("enp7s0");
  });

  test("names of links fit into the kernel's 15 characters, and MAC addresses differ", () => {
    expect(linkName(2 ** 32).length).toBeLessThanOrEqual(15);
    expect(machineMac(1001)).toBe("96:00:00:00:03:e9");
    expect(machineMac(1002)).not.toBe(machineMac(1001));
  });
});
