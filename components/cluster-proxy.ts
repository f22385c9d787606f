import type { remote } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

import type { ProxySpec } from "../plan/cluster";
import type { MachineSpec } from "../plan/machines";
import type { Lead } from "./dns-record";
import type { FrontDoor } from "./front-door";
import { Machine } from "./machine";
import { runOnMachine } from "./remote";
import type { SharedResources } from "./shared-resources";
import type { Within } from "./within";

export interface ClusterProxyArgs {
  spec: ProxySpec;
  machine: Machine;
  /** Where the cluster's name may lead besides: any of them passes on what a certificate authority asks. */
  leads: readonly Lead[];
  /** What has to be there before it asks for its certificate. */
  after: readonly pulumi.Resource[];
  within: Within;
}

/** A proxy: nginx under one name, with a certificate and no route yet. */
export class ClusterProxy {
  readonly machine: Machine;
  readonly configured: remote.Command;

  constructor(name: string, { spec: { request }, machine, leads, after, within }: ClusterProxyArgs) {
    this.machine = machine;
    const addresses = [machine.addresses, ...leads].flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]);
    this.configured = runOnMachine(
      `${name}-configured`,
      {
        host: machine.host,
        command: "configure-proxy",
        request: { ...request, ...machine.asRequest(), addresses },
      },
      { ...within, dependsOn: [...after] },
    );
  }
}

export interface ProxiesArgs {
  /** What a machine is made of besides its own. */
  around: (spec: MachineSpec) => { shared: SharedResources; within: Within };
  /** Undefined: there is one proxy. */
  door: FrontDoor | undefined;
}

/** All proxies. The first is configured first: it has to know the others when they ask for their certificates. */
export function clusterProxies(specs: readonly ProxySpec[], { around, door }: ProxiesArgs): ClusterProxy[] {
  const machines = specs.map(({ machine: spec }) => new Machine(spec.name, { spec, ...around(spec) }));
  const addresses = machines.map((machine) => machine.addresses);
  const proxies: ClusterProxy[] = [];
  for (const [index, spec] of specs.entries()) {
    const machine = machines[index] as Machine;
    const [first] = proxies;
    const after = first ? [first.configured] : (door?.beforeCertificate(machine) ?? []);
    const others = addresses.filter((other) => other !== machine.addresses);
    const leads = [...others, ...(door ? [door] : [])];
    const { within } = around(spec.machine);
    proxies.push(new ClusterProxy(spec.machine.name, { spec, machine, leads, after, within }));
  }
  return proxies;
}
