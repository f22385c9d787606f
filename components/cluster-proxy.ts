import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import type { ProxySpec } from "../plan/cluster";
import { Machine } from "./machine";
import { runOnMachine } from "./remote";
import type { SharedResources } from "./shared-resources";

export interface ClusterProxyArgs {
  spec: ProxySpec;
  shared: SharedResources;
}

/** A proxy: nginx under one name, with a certificate and no route yet. */
export class ClusterProxy extends pulumi.ComponentResource {
  readonly machine: Machine;
  readonly configured: remote.Command;

  constructor(
    name: string,
    { spec: { machine, request }, shared }: ClusterProxyArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("bbb-cluster:index:ClusterProxy", name, {}, opts);
    this.machine = new Machine(name, { spec: machine, shared, parent: this });
    const { host } = this.machine;
    this.configured = runOnMachine(
      `${name}-configured`,
      { host, command: "configure-proxy", request: { ...request, ...this.machine.asRequest() } },
      { parent: this },
    );
    this.registerOutputs({ hostname: machine.hostname });
  }
}
