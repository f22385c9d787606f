import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import { privateNetwork } from "../render/address-plan";
import { hcloudId } from "./hcloud-id";

export interface NetworkArgs {
  /** Hetzner location of the machines; the network spans its zone. */
  location: string;
  /** From where SSH is allowed. */
  adminCidrs: string[];
}

/** The private network of the cluster and the firewalls in front of its machines. */
export class Network extends pulumi.ComponentResource {
  readonly subnet: hcloud.NetworkSubnet;
  readonly proxyFirewallId: pulumi.Output<number>;
  readonly nodeFirewallId: pulumi.Output<number>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bbb-cluster:index:Network", name, args, opts);
    const network = new hcloud.Network(`${name}-network`, { name, ipRange: privateNetwork.ipRange }, { parent: this });
    this.subnet = new hcloud.NetworkSubnet(
      `${name}-subnet`,
      {
        networkId: hcloudId(network),
        type: "cloud",
        networkZone: networkZones[args.location] ?? "eu-central",
        ipRange: privateNetwork.subnet,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const web = [rule("tcp", "80", "HTTP"), rule("tcp", "443", "HTTPS"), rule("icmp", undefined, "ping and path MTU")];
    const ssh = rule("tcp", "22", "SSH of the administrators", args.adminCidrs);
    this.proxyFirewallId = this.firewall(`${name}-proxy`, [ssh, ...web]);
    this.nodeFirewallId = this.firewall(`${name}-node`, [ssh, ...web, ...media]);
    this.registerOutputs({ subnetId: this.subnet.id });
  }

  private firewall(name: string, rules: hcloud.types.input.FirewallRule[]): pulumi.Output<number> {
    return hcloudId(
      new hcloud.Firewall(`${name}-firewall`, { name, rules }, { parent: this, deleteBeforeReplace: true }),
    );
  }
}

const networkZones: Record<string, string> = { ash: "us-east", hil: "us-west", sin: "ap-southeast" };

const everywhere = ["0.0.0.0/0", "::/0"];

const media = [
  rule("tcp", "3478", "TURN"),
  rule("udp", "3478", "STUN and TURN"),
  rule("udp", "16384-32768", "audio, video and screen sharing"),
];

function rule(
  protocol: string,
  port: string | undefined,
  description: string,
  sourceIps = everywhere,
): hcloud.types.input.FirewallRule {
  return { direction: "in", protocol, ...(port === undefined ? {} : { port }), sourceIps, description };
}
