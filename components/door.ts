import * as pulumi from "@pulumi/pulumi";

import { asksFrontDoorForApi, renderDoorLocations } from "../render/proxy-nginx";
import type { ClusterProxy } from "./cluster-proxy";
import type { Node } from "./node";
import { runForVisitor } from "./remote";

export interface DoorArgs {
  proxy: ClusterProxy;
  node: Node;
}

/** A node's door on the proxy: opened when the node answers as it should, closed before the node leaves. */
export class Door extends pulumi.ComponentResource {
  constructor(name: string, { proxy, node }: DoorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bbb-cluster:index:Door", name, {}, opts);
    const { placement, names, machine, release } = node;
    const input = {
      node: names.node,
      nodeHostname: names.nodeHostname,
      nodeAddress: placement.privateAddress,
      nodeServerId: machine.host.server.id,
      // In the input, so that a preview shows that a new proxy gets its doors.
      proxyServerId: proxy.machine.host.server.id,
      proxyHostname: names.proxyHostname,
      expect: { graphqlWebsocketUrl: asksFrontDoorForApi(release) ? `wss://${names.nodeHostname}/graphql` : null },
      paths: { client: `/${names.node}/html5client/`, api: `/${names.node}/bigbluebutton/api` },
      locations: renderDoorLocations(names, placement.privateAddress, release),
    };
    runForVisitor(
      `${name}-door`,
      { host: proxy.machine.host, visitor: machine.host.server, program: "open-door", undo: "close-door", input },
      { parent: this, dependsOn: [proxy.configured, node.configured] },
    );
    this.registerOutputs({});
  }
}
