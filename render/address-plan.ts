/** The private network and its only subnet; Hetzner's gateway is the first address. */
export const privateNetwork = { ipRange: "10.0.0.0/16", subnet: "10.0.1.0/24" };

/** A machine's place in the cluster, before anything exists. */
export interface Placement {
  name: string;
  hostname: string;
  privateAddress: string;
  /** Spread placement groups take ten servers each. */
  placementGroup: string;
}

const serversPerPlacementGroup = 10;

/** The front door's place: bbb.<domain>. */
export function proxyPlacement(domain: string): Placement {
  return { name: "bbb", hostname: `bbb.${domain}`, privateAddress: "10.0.1.2", placementGroup: "proxies" };
}

/** The places of all nodes that shall exist, bbb-01 to bbb-NN without the absent ones; none depends on the others. */
export function nodePlacements(domain: string, nodes: number, isAbsent: (name: string) => boolean): Placement[] {
  return Array.from({ length: nodes }, (_, index) => nodePlacement(domain, index + 1)).filter(
    ({ name }) => !isAbsent(name),
  );
}

function nodePlacement(domain: string, number: number): Placement {
  const name = `bbb-${String(number).padStart(2, "0")}`;
  return {
    name,
    hostname: `${name}.${domain}`,
    privateAddress: `10.0.1.${10 + number}`,
    placementGroup: `nodes-${Math.ceil(number / serversPerPlacementGroup)}`,
  };
}
