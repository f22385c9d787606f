import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import type { Placement } from "../render/address-plan";
import { renderProxyFiles } from "../render/proxy-nginx";
import { Machine, type Surroundings } from "./machine";
import { runOnMachine } from "./remote";

/** What a machine needs to get certificates and to trust others. */
export interface Certification {
  acmeEmail: string;
  acmeDirectory?: string;
  extraCaCertificates: string[];
}

export interface ClusterProxyArgs {
  placement: Placement;
  type: string;
  image: string;
  certification: Certification;
  surroundings: Surroundings;
}

/** The front door: nginx under one name, with a certificate and no door yet. */
export class ClusterProxy extends pulumi.ComponentResource {
  readonly machine: Machine;
  readonly hostname: string;
  readonly configured: remote.Command;

  constructor(name: string, args: ClusterProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bbb-cluster:index:ClusterProxy", name, {}, opts);
    const { placement, type, image, surroundings } = args;
    const firewallId = surroundings.network.proxyFirewallId;
    this.hostname = placement.hostname;
    this.machine = new Machine(name, { placement, type, image, firewallId, surroundings }, { parent: this });
    const input = {
      ...certificationInput(placement, args.certification, this.machine),
      files: renderProxyFiles(placement.hostname),
    };
    this.configured = runOnMachine(
      `${name}-configured`,
      { host: this.machine.host, program: "configure-proxy", input },
      { parent: this },
    );
    this.registerOutputs({ hostname: this.hostname });
  }
}

/** The part of a host program's input that both kinds of machine need. */
export function certificationInput({ hostname }: Placement, certification: Certification, machine: Machine) {
  return {
    hostname,
    // The name has to lead here before a certificate can be asked for.
    addresses: [machine.addresses.ipv4, machine.addresses.ipv6],
    email: certification.acmeEmail,
    acmeDirectory: certification.acmeDirectory ?? null,
    caCertificates: certification.extraCaCertificates,
  };
}
