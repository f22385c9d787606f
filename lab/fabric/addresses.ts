/** The lab's fixed addresses: TEST-NET-2 and documentation IPv6, so nothing can be mistaken for the real internet. */
export const addresses = {
  operator: { ipv4: "198.51.100.2", ipv6: "2001:db8:ffff::2" },
  dns: { ipv4: "198.51.100.53", ipv6: "2001:db8:ffff::53" },
  acme: { ipv4: "198.51.100.14", ipv6: "2001:db8:ffff::14" },
  balancer: { ipv4: "198.51.100.90", ipv6: "2001:db8:ffff::90" },
  storageBox: { ipv4: "198.51.100.23", ipv6: "2001:db8:ffff::23" },
  packages: { ipv4: "198.51.100.80", ipv6: "2001:db8:ffff::80" },
  user: { ipv4: "198.51.100.100", ipv6: "2001:db8:ffff:100::100" },
} as const;

/** Hetzner's gateways: the same for every machine, on the link although not in its network. */
export const gateway = { ipv4: "172.31.1.1", ipv6: "fe80::1" } as const;

/** Where the API of the lab answers, for clients within the lab's network. */
export const apiPort = 8090;
export const apiEndpoint = `http://${addresses.operator.ipv4}:${apiPort}/v1`;

/** The name of the lab's load balancer, in the domain of its cluster. */
export function balancerName(domain: string): string {
  return `lb.${domain}`;
}

/** Where the cluster may copy something to: user and port of the lab's Storage Box. */
export const storageBox = { user: "u123", port: 23 } as const;

/** Names the lab's own infrastructure goes by. */
export const infrastructureNames = {
  "api.lab.test": addresses.operator,
  "acme.lab.test": addresses.acme,
  "packages.lab.test": addresses.packages,
  "storage-box.lab.test": addresses.storageBox,
} as const;
