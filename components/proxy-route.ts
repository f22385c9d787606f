import type { remote } from "@pulumi/command";

import type { RouteSpec } from "../plan/cluster";
import type { ClusterProxy } from "./cluster-proxy";
import type { Node } from "./node";
import { runOnProxyFor } from "./remote";

export interface ProxyRouteArgs {
  spec: RouteSpec;
  proxy: ClusterProxy;
  node: Node;
}

/** The way from a proxy to a node: added when the node answers as it should, removed before the node leaves. */
export function proxyRoute({ spec, proxy, node }: ProxyRouteArgs): remote.Command {
  const nodeServer = node.machine.host.server;
  const { host } = proxy.machine;
  const request = {
    ...spec.request,
    nodeServerId: nodeServer.id,
    // In the request, so that a preview shows that a new proxy gets its routes.
    proxyServerId: host.server.id,
  };
  return runOnProxyFor(
    spec.name,
    { host, onBehalfOf: nodeServer, command: "add-route", undo: "remove-route", request },
    { ...node.within, dependsOn: [proxy.configured, node.configured] },
  );
}
