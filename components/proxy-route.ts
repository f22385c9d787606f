import * as pulumi from "@pulumi/pulumi";

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
export class ProxyRoute extends pulumi.ComponentResource {
  constructor(name: string, { spec, proxy, node }: ProxyRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bbb-cluster:index:ProxyRoute", name, {}, opts);
    const nodeServer = node.machine.host.server;
    const request = {
      ...spec.request,
      nodeServerId: nodeServer.id,
      // In the request, so that a preview shows that a new proxy gets its routes.
      proxyServerId: proxy.machine.host.server.id,
    };
    runOnProxyFor(
      spec.name,
      {
        host: proxy.machine.host,
        onBehalfOf: nodeServer,
        command: "add-route",
        undo: "remove-route",
        request,
      },
      { parent: this, dependsOn: [proxy.configured, node.configured] },
    );
    this.registerOutputs({});
  }
}
