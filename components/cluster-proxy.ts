import type { remote } from "@pulumi/command";

import type { ProxySpec } from "../plan/cluster";
import { Machine } from "./machine";
import { runOnMachine } from "./remote";
import type { SharedResources } from "./shared-resources";
import type { Within } from "./within";

export interface ClusterProxyArgs {
  spec: ProxySpec;
  shared: SharedResources;
  within: Within;
}

/** A proxy: nginx under one name, with a certificate and no route yet. */
export class ClusterProxy {
  readonly machine: Machine;
  readonly configured: remote.Command;

  constructor(name: string, { spec: { machine, request }, shared, within }: ClusterProxyArgs) {
    this.machine = new Machine(name, { spec: machine, shared, within });
    const { host } = this.machine;
    this.configured = runOnMachine(
      `${name}-configured`,
      { host, command: "configure-proxy", request: { ...request, ...this.machine.asRequest() } },
      within,
    );
  }
}
