import { type ClusterNode, clientAddress, readCluster } from "../../checks/cluster";

/** Two nodes, and the address at which the client of each is to be found. */
export interface Scene {
  places: readonly [Place, Place];
  /** Whether both clients come from one origin. */
  shared: boolean;
}

export interface Place {
  node: ClusterNode;
  address: string;
}

/** The scene of the first two nodes: behind the proxy, or each by itself where they are out of cluster mode. */
export function readScene(outputs: unknown): Scene {
  const cluster = readCluster(outputs);
  const places = cluster.nodes.map((node): Place => ({ node, address: clientAddress(cluster, node) }));
  const [first, second] = places;
  if (!first || !second) throw new Error("the browser test needs two nodes; run: npm run lab -- up --nodes 2");
  return { places: [first, second], shared: new URL(first.address).origin === new URL(second.address).origin };
}
