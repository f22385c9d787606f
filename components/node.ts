import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import type { Placement } from "../render/address-plan";
import { type NodeChoices, renderNodeManifest } from "../render/node-manifest";
import type { NodeNames } from "../render/node-settings";
import { installerVersion } from "../render/releases";
import { type Certification, certificationInput } from "./cluster-proxy";
import { Machine, type Surroundings } from "./machine";
import { runOnMachine } from "./remote";

/** Where bbb-install.sh and the packages come from. */
export interface Installer {
  url: string;
  sha256: string;
  repository?: string | undefined;
}

export interface NodeArgs {
  placement: Placement;
  /** bbb.example.com, under which the node's client is served. */
  proxyHostname: string;
  type: string;
  image: string;
  choices: NodeChoices;
  installer: Installer;
  certification: Certification;
  surroundings: Surroundings;
}

const installTimeoutMinutes = 60;

/** A BigBlueButton server, installed and configured for its place behind the front door. */
export class Node extends pulumi.ComponentResource {
  readonly machine: Machine;
  readonly names: NodeNames;
  readonly placement: Placement;
  readonly release: string;
  readonly configured: remote.Command;
  /** The shared secret that BigBlueButton made for its API; a secret. */
  readonly apiSecret: pulumi.Output<string>;

  constructor(name: string, args: NodeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bbb-cluster:index:Node", name, {}, opts);
    const { placement, type, image, surroundings, proxyHostname } = args;
    this.placement = placement;
    this.release = args.choices.release;
    this.names = { node: name, nodeHostname: placement.hostname, proxyHostname };
    const firewallId = surroundings.network.nodeFirewallId;
    this.machine = new Machine(name, { placement, type, image, firewallId, surroundings }, { parent: this });
    const installed = this.install(name, args);
    this.configured = this.configure(name, args, installed);
    this.apiSecret = pulumi.secret(installed.stdout.apply((result) => JSON.parse(result).secret as string));
    this.registerOutputs({ hostname: placement.hostname });
  }

  private install(name: string, { placement, certification, installer, choices }: NodeArgs): remote.Command {
    const input = {
      ...certificationInput(placement, certification, this.machine),
      release: choices.release,
      installer: { ...installer, repository: installer.repository ?? null, version: installerVersion(choices.release) },
      restart: choices.restart,
      timeoutMinutes: installTimeoutMinutes,
    };
    const step = { host: this.machine.host, program: "install-node", input, secretResult: true };
    return runOnMachine(`${name}-installed`, step, { parent: this });
  }

  private configure(name: string, { choices }: NodeArgs, installed: remote.Command): remote.Command {
    const step = { host: this.machine.host, program: "configure-node", input: renderNodeManifest(this.names, choices) };
    return runOnMachine(`${name}-configured`, step, { parent: this, dependsOn: [installed] });
  }
}
