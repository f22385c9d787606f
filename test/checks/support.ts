import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

import type { Cluster, ClusterNode } from "../../checks/cluster";

/** Serves HTTP on loopback while `use` runs, and hands it the origin. */
export async function withServer<T>(listener: RequestListener, use: (origin: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** The node bbb-01, and what stands before it, at one origin. */
export function nodeAt(origin: string): ClusterNode {
  return {
    name: "bbb-01",
    hostname: "bbb-01.cluster.test",
    origin,
    ipv4: "203.0.113.11",
    ipv6: "2001:db8:2::1",
    privateAddress: "10.0.1.11",
    hostKeys: [],
    api: `${origin}/bigbluebutton/api`,
    secret: "topsecret",
    standalone: false,
    draining: false,
    loadMultiplier: 1,
  };
}

/** A cluster of the proxy bbb and these nodes, at one origin. */
export function clusterAt(origin: string, nodes: ClusterNode[] = [nodeAt(origin)]): Cluster {
  const { api, secret, standalone, draining, loadMultiplier, ...proxy } = nodeAt(origin);
  return {
    origin,
    proxies: [{ ...proxy, name: "bbb", hostname: "bbb.cluster.test" }],
    balancers: [],
    nodes,
    frontends: [],
    teller: null,
    ssh: "",
  };
}
