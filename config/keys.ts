import type { z } from "zod";

import { mostNodes } from "../plan/addresses";
import { cidrs, extraRules, sshPublicKeys } from "./access";
import { certificates } from "./certificates";
import { installer, maintenance, nodeSettings, release, repairs } from "./fields";
import { propertyOverrides, treeOverrides } from "./overrides";
import { optional, required, withDefault } from "./row";
import { boolean, choice, domainName, email, httpUrl, integer, text, word } from "./text";

const serverType = word("a Hetzner server type such as ccx33");
const image = word("the name or number of an image such as ubuntu-22.04");

/**
 * Every key of the stack configuration, one row each. README's table, Pulumi.yaml and Pulumi.dev.yaml are written from
 * these rows by `npm run generate`.
 */
export const keys = {
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
    effect: "DNS records move",
    remedy: "pulumi config set zone example.com",
    example: "example.com",
  }),
  dns: withDefault(choice("hetzner", "external"), "hetzner", {
    values: "`hetzner`, `external`",
    description:
      "`hetzner`: A and AAAA records are made in the zone; `external`: the output `records` lists them, you make them " +
      "elsewhere, and the machines wait for them for up to 30 minutes",
    effect: "records are made, or deleted",
    remedy: "pulumi config set dns hetzner",
  }),
  nodes: withDefault(integer(1, mostNodes), 2, {
    values: `1 to ${mostNodes}`,
    description: "how many BigBlueButton nodes",
    effect: "nodes join, or the highest numbers leave: their routes go first, meetings that still run there end",
    remedy: "pulumi config set nodes 3",
  }),
  nodeSettings: withDefault(
    nodeSettings,
    {},
    {
      values: "object by node name",
      description:
        "what differs for one node: its server `type`; its `state`: absent takes it out of the middle, standalone out " +
        "of the cluster, with its files as they were before it joined; its `protect`: false, before it goes",
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
  proxyType: withDefault(serverType, "cx33", {
    values: "Hetzner server type",
    description: "server type of the proxy",
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
  nodeImage: optional(image, {
    values: "image name",
    description: "image of the nodes; default: the Ubuntu that the release runs on",
    effect: "new machines only",
    remedy: "pulumi config set nodeImage ubuntu-22.04",
    example: "ubuntu-22.04",
  }),
  proxyImage: withDefault(image, "debian-12", {
    values: "image name",
    description: "image of the proxy",
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
  acmeEmail: required(email, {
    values: "e-mail address",
    description: "whom the certificate authority writes to",
    effect: "none",
    remedy: "pulumi config set acmeEmail admin@bbb.example.edu",
    example: "admin@bbb.example.edu",
  }),
  acmeDirectory: optional(httpUrl, {
    values: "URL",
    description: "directory URL of another ACME certificate authority than Let's Encrypt",
    effect: "the next certificate",
    remedy: "pulumi config rm acmeDirectory",
    example: "https://acme.example.com/directory",
  }),
  extraCaCertificates: withDefault(certificates, [], {
    values: "list of PEM certificates",
    description: "certificates that every machine shall trust besides the system's",
    effect: "every machine trusts them",
    remedy: `pulumi config set --path 'extraCaCertificates[0]' -- "$(cat ca.pem)"`,
    example: "- |\n  -----BEGIN CERTIFICATE-----\n  …\n  -----END CERTIFICATE-----",
    structured: "list",
  }),
  sshPublicKeys: withDefault(sshPublicKeys, [], {
    values: "list of OpenSSH public keys",
    description: "who may log in as root",
    effect: "every machine, at once: who is no longer listed no longer gets in",
    remedy: `pulumi config set --path 'sshPublicKeys[0]' "$(cat ~/.ssh/id_ed25519.pub)"`,
    example: "- ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE admin@example.com",
    structured: "list",
  }),
  adminCidrs: required(cidrs, {
    values: "list of CIDRs",
    description: "from where SSH is allowed; the machine that runs pulumi must be among them",
    effect: "the firewalls change; keep yourself in the list",
    remedy: "pulumi config set --path 'adminCidrs[0]' 203.0.113.7/32 # with your own address",
    example: "- 203.0.113.7/32",
    structured: "list",
  }),
  extraRules: withDefault(extraRules, [], {
    values: "list of `{to, protocol, port, from, why}`",
    description:
      "what you open besides, in Hetzner's firewalls and on the machines: `to` proxy, node or all, `protocol` tcp or " +
      "udp, `port` one or a range, `from` CIDRs, `why` in your words; dial-in, monitoring, backup",
    effect: "the firewalls change, no service is restarted",
    remedy: "pulumi config rm extraRules",
    example: '- { to: node, protocol: udp, port: 5060, from: [198.51.100.0/24], why: "dial-in, SIP" }',
    structured: "list",
  }),
  bbbWebProperties: withDefault(
    propertyOverrides,
    {},
    {
      values: "object",
      description: "your own keys for bbb-web.properties on every node; keys managed by the cluster are rejected",
      effect: "every node is configured, when `restart` allows it",
      remedy: "pulumi config set --path 'bbbWebProperties.defaultWelcomeMessage' 'Welcome!'",
      example: "{ defaultWelcomeMessage: Welcome! }",
      structured: "object",
      secret: "possible",
    },
  ),
  bbbHtml5: withDefault(
    treeOverrides,
    {},
    {
      values: "object, as a tree",
      description: "your own settings for bbb-html5.yml on every node; keys managed by the cluster are rejected",
      effect: "every node is configured, when `restart` allows it",
      remedy: "pulumi config set --path 'bbbHtml5.public.app.helpLink' https://help.example.com",
      example: "{ public: { app: { helpLink: https://help.example.com } } }",
      structured: "object",
      secret: "possible",
    },
  ),
  restart: withDefault(choice("whenEmpty", "now"), "whenEmpty", {
    values: "`whenEmpty`, `now`",
    description:
      "`whenEmpty`: a change that would end meetings closes the node to new ones and waits until the running ones have " +
      "ended; `now`: it does not wait",
    effect: "the next change",
    remedy: "pulumi config set restart whenEmpty",
  }),
  drainTimeoutMinutes: withDefault(integer(1, 1440), 60, {
    values: "1 to 1440",
    description: "for how long such a change waits; then it fails with nothing changed",
    effect: "the next change",
    remedy: "pulumi config set drainTimeoutMinutes 120",
  }),
  logDays: withDefault(integer(1, 365), 7, {
    values: "1 to 365",
    description:
      "for how many days the proxy keeps nginx's logs, in which addresses are shortened and queries left out",
    effect: "the next night",
    remedy: "pulumi config set logDays 7",
  }),
  maintenance: withDefault(
    maintenance,
    { window: "02:00-05:00", timezone: "Europe/Berlin", securityUpdates: true },
    {
      values: "`{window, timezone, securityUpdates}`",
      description:
        "when machines get security updates of Ubuntu and Debian: from HH:MM to HH:MM in an IANA time zone; held " +
        "packages, restarts and reboots wait for a node that is empty then; `securityUpdates: false` switches them off",
      effect: "every machine has another timer; nothing restarts",
      remedy: "pulumi config rm maintenance",
      example: "{ window: 02:00-05:00, timezone: Europe/Berlin, securityUpdates: true }",
      structured: "object",
    },
  ),
  protect: withDefault(boolean, false, {
    values: "`true`, `false`",
    description: "whether Pulumi refuses to delete machines and anything that belongs to them: address, name, route",
    effect: "from the next `pulumi up` on, which shows no change",
    remedy: "pulumi config set protect true",
  }),
  repair: withDefault(
    repairs,
    {},
    {
      values: "object by machine name",
      description: "written by `npm run drift`, so that `pulumi up` puts right what was changed by hand",
      effect: "that machine is configured again",
      remedy: "pulumi config set --path 'repair.bbb-01' \"$(date)\"",
      example: "{ bbb-01: 0a1b2c3d 2026-01-01T00:00:00.000Z }",
      structured: "object",
    },
  ),
  clusterSecret: required(text("a secret of at least 64 hexadecimal digits", /^[0-9a-f]{64,}$/i), {
    values: "secret",
    description: "root of the machines' SSH host keys and of the key that Pulumi logs in with",
    effect: "refused, until `npm run rotate` has given every machine the new keys",
    // Not on a stack that has machines: there, the value that it was made with has to come back, or `rotate` to be run.
    remedy: "pulumi config set --secret clusterSecret $(openssl rand -hex 32) # on a new stack only",
    secret: "always",
  }),
};

/** A key of the stack configuration, without its namespace. */
export type ConfigKey = keyof typeof keys;

/** Keys that hold an administrator's own settings of BigBlueButton. */
export const overrideKeys = ["bbbWebProperties", "bbbHtml5"] as const;
export type OverrideKey = (typeof overrideKeys)[number];

/** The checked stack configuration, with defaults filled in. */
export type ClusterConfig = { [K in ConfigKey]: z.output<(typeof keys)[K]["schema"]> } & { nodeImage: string };

/** All of it that is no secret: what a cluster is planned from. */
export type PlanConfig = Omit<ClusterConfig, "clusterSecret">;

/** What another program hands over to have a cluster planned: the keys as they are written in a stack's configuration. */
export type PlanValues = { [K in Exclude<ConfigKey, "clusterSecret">]?: z.input<(typeof keys)[K]["schema"]> };
