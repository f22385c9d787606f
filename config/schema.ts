import { z } from "zod";
import { releaseLine } from "../render/releases";
import {
  cidr,
  domainName,
  httpUrl,
  installer,
  minutes,
  nodeCount,
  nodeSettings,
  ownProperties,
  ownTree,
  pem,
  release,
  sshKey,
  text,
  word,
} from "./fields";
import { hasImage, hasType, isReachable, zoneHoldsDomain } from "./rules";

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
  bbbWebProperties: "pulumi config set --path 'bbbWebProperties.defaultWelcomeMessage' 'Welcome!'",
  bbbHtml5: "pulumi config set --path 'bbbHtml5.public.app.helpLink' https://help.example.com",
  restart: "pulumi config set restart whenEmpty",
  drainTimeoutMinutes: "pulumi config set drainTimeoutMinutes 120",
  protect: "pulumi config set protect true",
  clusterSecret: "pulumi config set --secret clusterSecret $(openssl rand -hex 32)",
} as const;

/** A key of the stack configuration, without its namespace. */
export type ConfigKey = keyof typeof remedies;

const locations = ["fsn1", "nbg1", "hel1", "ash", "hil", "sin"] as const;
const typeExpected = "a type that this location has: cx and cax are in Europe only";

/** The whole stack configuration; what it parses to is what the program builds from. */
export const clusterSchema = z
  .strictObject({
    domain: domainName,
    zone: domainName.optional(),
    dns: z.enum(["hetzner", "external"], { error: "hetzner or external" }).default("hetzner"),
    nodes: nodeCount.default(2),
    nodeSettings: nodeSettings.default({}),
    location: z.enum(locations, { error: `one of ${locations.join(", ")}` }).default("fsn1"),
    nodeType: word("a Hetzner server type such as ccx33").default("ccx33"),
    proxyType: word("a Hetzner server type such as cx33").default("cx33"),
    release: release.default("3.0"),
    nodeImage: word("the name or number of an image such as ubuntu-22.04").optional(),
    proxyImage: word("the name or number of an image such as debian-12").default("debian-12"),
    installer,
    acmeEmail: text("an e-mail address", /^[^\s@<>"']+@[^\s@<>"']+\.[^\s@<>"']+$/),
    acmeDirectory: httpUrl.optional(),
    extraCaCertificates: z.array(pem, { error: "a list of PEM certificates" }).default([]),
    sshPublicKeys: z.array(sshKey, { error: "a list of OpenSSH public keys" }).default([]),
    adminCidrs: z.array(cidr, { error: "a list of CIDRs" }).min(1, { error: "a list of at least one CIDR" }),
    bbbWebProperties: ownProperties.default({}),
    bbbHtml5: ownTree.default({}),
    restart: z.enum(["whenEmpty", "now"], { error: "whenEmpty or now" }).default("whenEmpty"),
    drainTimeoutMinutes: minutes.default(60),
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
  .refine(isReachable, {
    path: ["adminCidrs"],
    error: "a list with an IPv4 CIDR: SSH goes there by IPv4",
    when: () => true,
  })
  .refine(hasType("nodeType"), { path: ["nodeType"], error: typeExpected, when: () => true })
  .refine(hasType("proxyType"), { path: ["proxyType"], error: typeExpected, when: () => true })
  .refine(hasImage, {
    path: ["nodeImage"],
    error: "set to an image of your own for this release: Hetzner has none of its Ubuntu",
    when: () => true,
  })
  .transform((config) => ({ ...config, nodeImage: config.nodeImage ?? releaseLine(config.release).image ?? "" }));

/** The checked stack configuration, with defaults filled in. */
export type ClusterConfig = z.infer<typeof clusterSchema>;
