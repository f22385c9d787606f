import { mostNodes, mostProxies } from "../plan/addresses";
import { mostImageDays } from "../plan/images";
import { installer, nodeSettings, release } from "./fields";
import { optional, required, withDefault } from "./row";
import { choice, domainName, image, integer, word } from "./text";

const serverType = word("a Hetzner server type such as ccx33");

/** What the cluster consists of: names, machines, releases. */
export const clusterKeys = {
  domain: required(domainName, {
    values: "domain name",
    description:
      "the domain of the cluster: the proxy is bbb.<domain>, the nodes are bbb-01.<domain>, bbb-02.<domain> …",
    effect: "refused: build a new stack instead",
    remedy: "pulumi config set domain example.com",
    example: "example.com",
  }),
  zone: optional(domainName, {
    values: "domain name",
    description:
      "the DNS zone at Hetzner that holds the domain, if it is a parent of it; used, never created or deleted",
    effect: "DNS records move, with `protect` false",
    remedy: "pulumi config set zone example.com",
    example: "example.com",
  }),
  dns: withDefault(choice("hetzner", "external"), "hetzner", {
    values: "`hetzner`, `external`",
    description:
      "`hetzner`: A and AAAA records are made in the zone; `external`: the output `records` lists them, you make them " +
      "elsewhere, and the machines wait for them for up to 30 minutes",
    effect: "records are made, or, with `protect` false, deleted",
    remedy: "pulumi config set dns hetzner",
  }),
  nodes: withDefault(integer(1, mostNodes), 2, {
    values: `1 to ${mostNodes}`,
    description: "how many BigBlueButton nodes",
    effect:
      "nodes join, or, with `protect` false, the highest numbers leave; one on which somebody is stays, and says so",
    remedy: "pulumi config set nodes 3",
  }),
  nodeSettings: withDefault(
    nodeSettings,
    {},
    {
      values: "object by node name",
      description:
        "what differs for one node: its server `type`; its `release`, of another line with the `installer` of that and, " +
        "if it has to be, an `image`; its `state`: draining takes no new meetings, absent takes it away when it is " +
        "empty, abandoned without asking it, standalone out of the cluster with its files as before; its `protect`",
      effect: "that node alone: a type is for a new machine",
      remedy: "pulumi config set --path 'nodeSettings.bbb-02.type' ccx43",
      example: "{ bbb-02: { type: ccx43 }, bbb-03: { state: absent } }",
      structured: "object",
    },
  ),
  location: withDefault(choice("fsn1", "nbg1", "hel1", "ash", "hil", "sin"), "fsn1", {
    values: "Hetzner location",
    description: "where all machines are: fsn1, nbg1, hel1, ash, hil or sin",
    effect: "refused: addresses belong to a location; build a new stack instead",
    remedy: "pulumi config set location fsn1",
  }),
  nodeType: withDefault(serverType, "ccx33", {
    values: "Hetzner server type",
    description: "server type of the nodes; BigBlueButton wants 8 dedicated cores and 16 GB",
    effect: "new machines only; replace a machine to give it another type",
    remedy: "pulumi config set nodeType ccx33",
  }),
  proxies: withDefault(integer(1, mostProxies), 1, {
    values: `1 to ${mostProxies}`,
    description:
      "how many proxies; in front of two or more stands a Hetzner Load Balancer, to which the cluster's name leads then, " +
      "and one that fails or is maintained is not noticed",
    effect: "proxies join, or the highest numbers leave, while requests go on; back to one, it waits for DNS to forget",
    remedy: "pulumi config set proxies 2",
  }),
  proxyLoadBalancerType: withDefault(word("a type of Hetzner's Load Balancers such as lb11"), "lb11", {
    values: "Hetzner Load Balancer type",
    description: "type of the Load Balancer in front of two or more proxies: lb11 has 10,000 connections, lb21 20,000",
    effect: "the Load Balancer is changed in place; without one, nothing",
    remedy: "pulumi config set proxyLoadBalancerType lb11",
  }),
  proxyType: withDefault(serverType, "cx33", {
    values: "Hetzner server type",
    description: "server type of the proxies",
    effect: "new machines only; replace a machine to give it another type",
    remedy: "pulumi config set proxyType cx33",
  }),
  release: withDefault(release, "3.0", {
    values: "2.4 to 4.1, a line or one release",
    description:
      "BigBlueButton's release: of a line (3.0) the newest is installed, an exact release (3.0.30) is pinned; 3.0.27 " +
      "is refused, it is broken behind a proxy",
    effect: "an exact newer release upgrades every node, when `restart` allows it; another line is refused",
    remedy: "pulumi config set release 3.0",
  }),
  nodeImage: optional(image("ubuntu-22.04"), {
    values: "image name or number",
    description:
      "image of the nodes; default: the Ubuntu that the release runs on. `npm run image` makes one of a node, which is " +
      `taken for ${mostImageDays} days`,
    effect: "new machines only",
    remedy: "pulumi config set nodeImage ubuntu-22.04",
    example: "ubuntu-22.04",
  }),
  proxyImage: withDefault(image("debian-12"), "debian-12", {
    values: "image name",
    description: "image of the proxies",
    effect: "new machines only",
    remedy: "pulumi config set proxyImage debian-12",
  }),
  installer: required(installer, {
    values: "`{url, sha256, repository}`",
    description:
      "BigBlueButton's own installer, pinned: a URL with a commit in it and the hash of what you have read; " +
      "`repository` is another host for BigBlueButton's packages (bbb-install.sh -r)",
    effect: "new nodes and upgrades only",
    remedy:
      "pulumi config set --path installer.url https://raw.githubusercontent.com/bigbluebutton/bbb-install/v3.0.x-release/bbb-install.sh" +
      ` && pulumi config set --path installer.sha256 "$(curl -fsSL "$(pulumi config get --path installer.url)" | sha256sum | cut -d' ' -f1)"`,
    example: [
      "url: https://raw.githubusercontent.com/bigbluebutton/bbb-install/COMMIT/bbb-install.sh",
      `sha256: "${"0".repeat(64)}"`,
      "# repository: packages.example.com",
    ].join("\n"),
    structured: "object",
  }),
};
