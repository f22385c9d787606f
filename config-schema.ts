import { isIP } from "node:net";
import { z } from "zod";

import { releaseLine, supportedRelease } from "./render/releases";

/** How each key is set right; shown with every mistake. */
export const remedies = {
  domain: "pulumi config set domain example.com",
  zone: "pulumi config set zone example.com",
  dns: "pulumi config set dns hetzner",
  nodes: "pulumi config set nodes 3",
  nodeSettings: "pulumi config set --path 'nodeSettings.bbb-02.type' ccx43",
  location: "pulumi config set location fsn1",
  nodeType: "pulumi config set nodeType ccx33",
  proxyType: "pulumi config set proxyType cx33",
  release: "pulumi config set release 3.0",
  nodeImage: "pulumi config set nodeImage ubuntu-22.04",
  proxyImage: "pulumi config set proxyImage debian-12",
  installer: "pulumi config set --path installer.url https://… && pulumi config set --path installer.sha256 …",
  acmeEmail: "pulumi config set acmeEmail admin@example.com",
  acmeDirectory: "pulumi config set acmeDirectory https://…/directory",
  extraCaCertificates: `pulumi config set --path 'extraCaCertificates[0]' -- "$(cat ca.pem)"`,
  sshPublicKeys: `pulumi config set --path 'sshPublicKeys[0]' "$(cat ~/.ssh/id_ed25519.pub)"`,
  adminCidrs: "pulumi config set --path 'adminCidrs[0]' 203.0.113.7/32",
  protect: "pulumi config set protect true",
  clusterSecret: "pulumi config set --secret clusterSecret $(openssl rand -hex 32)",
} as const;

/** A key of the stack configuration, without its namespace. */
export type ConfigKey = keyof typeof remedies;

// Messages finish the sentence "bbb-cluster:KEY must be …".
const text = (expected: string, pattern: RegExp) => z.string({ error: expected }).regex(pattern, { error: expected });
const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const domainName = text(
  "a domain name in lower case such as example.com",
  new RegExp(`^(${label}\\.)+[a-z][a-z0-9-]*[a-z0-9]$`),
);
const word = (expected: string) => text(expected, /^[a-z0-9][a-z0-9.-]*$/);
const pem = text(
  "a PEM certificate (-----BEGIN CERTIFICATE-----)",
  /^\s*-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----\s*$/,
);
const sshKey = text(
  "an OpenSSH public key (ssh-ed25519 AAAA… or ssh-rsa AAAA…)",
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+|sk-[a-z0-9@.-]+) AAAA[A-Za-z0-9+/]+={0,2}( [^\n]*)?$/,
);
const httpUrl = text("a URL that begins with https:// (or http://)", /^https?:\/\/[^\s/]+\/\S*$/);
const cidrExpected = "a CIDR such as 203.0.113.7/32 or 2001:db8::/48";
const cidr = z.string({ error: cidrExpected }).refine(isCidr, { error: cidrExpected });
const nodesExpected = "an integer from 1 to 90";
const locations = ["fsn1", "nbg1", "hel1", "ash", "hil", "sin"] as const;

const nodeSetting = z.strictObject(
  {
    type: word("a Hetzner server type such as ccx43").optional(),
    state: z.enum(["present", "absent"], { error: "present or absent" }).default("present"),
  },
  { error: "an object such as {type: ccx43} or {state: absent}" },
);

const installerExpected = "an object {url, sha256} that pins bbb-install.sh";

/** The whole stack configuration; what it parses to is what the program builds from. */
export const clusterSchema = z
  .strictObject({
    domain: domainName,
    zone: domainName.optional(),
    dns: z.enum(["hetzner", "external"], { error: "hetzner or external" }).default("hetzner"),
    nodes: z
      .string({ error: nodesExpected })
      .regex(/^([1-9]|[1-8]\d|90)$/, { error: nodesExpected })
      .transform(Number)
      .default(2),
    nodeSettings: z
      .record(text("a node's name from bbb-01 to bbb-90", /^bbb-(0[1-9]|[1-8]\d|90)$/), nodeSetting, {
        error: (issue) =>
          issue.code === "invalid_key" ? "keyed by node names from bbb-01 to bbb-90" : "an object keyed by node names",
      })
      .default({}),
    location: z.enum(locations, { error: `one of ${locations.join(", ")}` }).default("fsn1"),
    nodeType: word("a Hetzner server type such as ccx33").default("ccx33"),
    proxyType: word("a Hetzner server type such as cx33").default("cx33"),
    release: z
      .string({ error: supportedRelease.expected })
      .refine(supportedRelease.test, { error: supportedRelease.expected })
      .default("3.0"),
    nodeImage: word("the name or number of an image such as ubuntu-22.04").optional(),
    proxyImage: word("the name or number of an image such as debian-12").default("debian-12"),
    installer: z.strictObject(
      {
        url: httpUrl,
        sha256: text("the SHA-256 of the script, 64 hexadecimal digits", /^[0-9a-f]{64}$/),
        repository: text("the host name of a package repository", new RegExp(`^(${label}\\.)+${label}$`)).optional(),
      },
      { error: installerExpected },
    ),
    acmeEmail: text("an e-mail address", /^[^\s@<>"']+@[^\s@<>"']+\.[^\s@<>"']+$/),
    acmeDirectory: httpUrl.optional(),
    extraCaCertificates: z.array(pem, { error: "a list of PEM certificates" }).default([]),
    sshPublicKeys: z.array(sshKey, { error: "a list of OpenSSH public keys" }).default([]),
    adminCidrs: z.array(cidr, { error: "a list of CIDRs" }).min(1, { error: "a list of at least one CIDR" }),
    protect: z
      .enum(["true", "false"], { error: "true or false" })
      .transform((value) => value === "true")
      .default(false),
    clusterSecret: z
      .string({ error: "a secret of at least 32 characters" })
      .min(32, { error: "a secret of at least 32 characters" }),
  })
  // Also when other keys are wrong, so that nothing is held back for a second try.
  .refine(zoneHoldsDomain, { path: ["zone"], error: "the domain or a parent of it", when: () => true })
  .refine(hasImage, {
    path: ["nodeImage"],
    error: "set to an image of your own for this release: Hetzner has none of its Ubuntu",
    when: () => true,
  })
  .transform((config) => ({ ...config, nodeImage: config.nodeImage ?? releaseLine(config.release).image ?? "" }));

/** The checked stack configuration, with defaults filled in. */
export type ClusterConfig = z.infer<typeof clusterSchema>;

function isCidr(value: string): boolean {
  const [address = "", bits = "", ...more] = value.split("/");
  const family = isIP(address);
  const width = family === 4 ? 32 : 128;
  return family !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= width;
}

function hasImage({ release, nodeImage }: { release: unknown; nodeImage?: unknown }): boolean {
  return (
    nodeImage !== undefined ||
    typeof release !== "string" ||
    !supportedRelease.test(release) ||
    releaseLine(release).image !== undefined
  );
}

function zoneHoldsDomain({ domain, zone }: { domain: unknown; zone?: unknown }): boolean {
  return typeof zone !== "string" || typeof domain !== "string" || `.${domain}`.endsWith(`.${zone}`);
}
