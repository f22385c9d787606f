import { isIP } from "node:net";
import { z } from "zod";

import { bbbHtml5Settings, bbbWebSettings } from "../render/node-settings";
import { conflictingPaths, flattenSettings, type SettingTree } from "../render/own-settings";
import { supportedRelease } from "../render/releases";

// Messages finish the sentence "bbb-cluster:KEY must be …".
/** A text of a form, named as the error names it. */
export const text = (expected: string, pattern: RegExp) =>
  z.string({ error: expected }).regex(pattern, { error: expected });
const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
export const domainName = text(
  "a domain name in lower case such as example.com",
  new RegExp(`^(${label}\\.)+[a-z][a-z0-9-]*[a-z0-9]$`),
);
/** A name as Hetzner's types and images have it. */
export const word = (expected: string) => text(expected, /^[a-z0-9][a-z0-9.-]*$/);
export const pem = text(
  "a PEM certificate (-----BEGIN CERTIFICATE-----)",
  /^\s*-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----\s*$/,
);
export const sshKey = text(
  "an OpenSSH public key (ssh-ed25519 AAAA… or ssh-rsa AAAA…)",
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+|sk-[a-z0-9@.-]+) AAAA[A-Za-z0-9+/]+={0,2}( [^\n]*)?$/,
);
export const httpUrl = text("a URL that begins with https:// (or http://)", /^https?:\/\/[^\s/]+\/\S*$/);
const cidrExpected = "a CIDR such as 203.0.113.7/32 or 2001:db8::/48";
export const cidr = z.string({ error: cidrExpected }).refine(isCidr, { error: cidrExpected });

/** What differs for one node. */
const nodeSetting = z.strictObject(
  {
    type: word("a Hetzner server type such as ccx43").optional(),
    state: z.enum(["present", "standalone", "absent"], { error: "present, standalone or absent" }).default("present"),
    repair: z.string({ error: "what `npm run drift` wrote" }).optional(),
  },
  { error: "an object such as {type: ccx43} or {state: absent}" },
);

/** What differs for single nodes, by name. */
export const nodeSettings = z.record(
  text("a node's name from bbb-01 to bbb-90", /^bbb-(0[1-9]|[1-8]\d|90)$/),
  nodeSetting,
  {
    error: (issue) =>
      issue.code === "invalid_key" ? "keyed by node names from bbb-01 to bbb-90" : "an object keyed by node names",
  },
);

/** An integer, given as text as the engine does. */
const integer = (expected: string, pattern: RegExp) => text(expected, pattern).transform(Number);

/** How many nodes. */
export const nodeCount = integer("an integer from 1 to 90", /^([1-9]|[1-8]\d|90)$/);

/** Minutes up to a day. */
export const minutes = integer("an integer from 1 to 1440", /^([1-9]\d{0,2}|1[0-3]\d\d|14[0-3]\d|1440)$/);

/** A release line or one release. */
export const release = z
  .string({ error: supportedRelease.expected })
  .refine(supportedRelease.test, { error: supportedRelease.expected });

/** BigBlueButton's installer, pinned. */
export const installer = z.strictObject(
  {
    url: httpUrl,
    sha256: text("the SHA-256 of the script, 64 hexadecimal digits", /^[0-9a-f]{64}$/),
    repository: text("the host name of a package repository", new RegExp(`^(${label}\\.)+${label}$`)).optional(),
  },
  { error: "an object {url, sha256} that pins bbb-install.sh" },
);

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const ownPropertiesExpected = "an object of single values without line breaks, and none that the cluster sets itself";
/** The administrator's own keys of bbb-web.properties, as texts. */
export const ownProperties = z
  .record(z.string().regex(/^[\w.-]+$/), scalar, { error: ownPropertiesExpected })
  .transform((own) => Object.fromEntries(Object.entries(own).map(([key, value]) => [key, String(value)])))
  .superRefine((own, context) => {
    const taken = conflictingPaths(
      Object.keys(own),
      bbbWebSettings.map(({ key }) => key),
    );
    const broken = Object.keys(own).filter((key) => /[\r\n]/.test(own[key] ?? ""));
    for (const key of new Set([
      ...taken.filter((path) => bbbWebSettings.some((setting) => setting.key === path)),
      ...broken,
    ])) {
      context.addIssue({ code: "custom", path: [key], message: ownPropertiesExpected });
    }
  });

const ownTreeExpected = "an object of settings, keys without dots, and none that the cluster sets itself";
/** The administrator's own settings of bbb-html5.yml. */
export const ownTree = z
  .custom<SettingTree>((value) => typeof value === "object" && value !== null && !Array.isArray(value), {
    error: ownTreeExpected,
  })
  .superRefine((own, context) => {
    const paths = Object.keys(flattenSettings(own));
    for (const path of conflictingPaths(
      paths,
      bbbHtml5Settings.map(({ key }) => key),
    )) {
      context.addIssue({ code: "custom", path: path.split("."), message: ownTreeExpected });
    }
  });

function isCidr(value: string): boolean {
  const [address = "", bits = "", ...more] = value.split("/");
  const family = isIP(address);
  const width = family === 4 ? 32 : 128;
  return family !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= width;
}
