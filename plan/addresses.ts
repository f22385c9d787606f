/** The private network and its only subnet; Hetzner's gateway is the first address. */
export const privateNetwork = { ipRange: "10.0.0.0/16", subnet: "10.0.1.0/24" };

/**
 * Who has which address of the subnet, as last byte of the first and the number of addresses. A network takes 100
 * attachments at Hetzner, and a Hetzner Load Balancer is one: 4 + 2 + 1 + 90 = 97.
 */
const reserved = {
  proxy: { first: 2, count: 4 },
  loadBalancer: { first: 6, count: 2 },
  hetznerLoadBalancer: { first: 8, count: 1 },
  node: { first: 11, count: 90 },
} as const;

/** What kind of machine, or other thing with a private address, an address is for. */
export type AddressKind = keyof typeof reserved;

/** The highest number of a node. */
export const mostNodes = reserved.node.count;

/** The highest number of a proxy. */
export const mostProxies = reserved.proxy.count;

/** Of all proxies that there can be: nodes let them in beforehand, and hear of none that comes or goes. */
export const proxyAddresses: readonly string[] = Array.from({ length: mostProxies }, (_, index) =>
  privateAddress("proxy", index + 1),
);

/**
 * The private address of the first, second … of a kind.
 * @throws when the kind has not as many addresses
 */
export function privateAddress(kind: AddressKind, number: number): string {
  const { first, count } = reserved[kind];
  if (number < 1 || number > count) {
    throw new Error(`there are private addresses for ${count} of kind ${kind}, not for number ${number}`);
  }
  return `10.0.1.${first + number - 1}`;
}
