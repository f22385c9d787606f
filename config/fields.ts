import { isIP } from "node:net";
import { z } from "zod";

import { conflictingPaths, flattenSettings, type SettingTree } from "../plan/node/overrides";
import { managedKeys } from "../plan/node/settings";
import { supportedRelease } from "../plan/releases";

// Messages finish the sentence "KEY must be …".
/** A text of a form, named as the error names it. */
export const text = (expected: string, pattern: RegExp) =>
  z.string({ error: expected }).regex(pattern, { error: expected });

/** One of a few words. */
export const choice = <const W extends readonly string[]>(...words: W) =>
  z.enum(words, { error: words.length === 2 ? words.join(" or ") : `one of ${words.join(", ")}` });

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** A domain name. */
export const domainName = text(
  "a domain name in lower case such as example.com",
  new RegExp(`^(${label}\\.)+[a-z][a-z0-9-]*[a-z0-9]$`),
);

/** A name as Hetzner's types and images have it. */
export const word = (expected: string) => text(expected, /^[a-z0-9][a-z0-9.-]*$/);

/** A list of PEM certificates. */
export const certificates = z.array(
  text(
    "a PEM certificate (-----BEGIN CERTIFICATE-----)",
    /^\s*-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----\s*$/,
  ),
  { error: "a list of PEM certificates" },
);

/** A list of OpenSSH public keys. */
export const sshPublicKeys = z.array(
  text(
    "an OpenSSH public key (ssh-ed25519 AAAA… or ssh-rsa AAAA…)",
    /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+|sk-[a-z0-9@.-]+) AAAA[A-Za-z0-9+/]+={0,2}( [^\n]*)?$/,
  ),
  { error: "a list of OpenSSH public keys" },
);

/** A URL. */
export const httpUrl = text("a URL that begins with https:// (or http://)", /^https?:\/\/[^\s/]+\/\S*$/);

const cidrExpected = "a CIDR such as 203.0.113.7/32 or 2001:db8::/48";

/** A list of at least one CIDR. */
export const cidrs = z
  .array(z.string({ error: cidrExpected }).refine(isCidr, { error: cidrExpected }), { error: "a list of CIDRs" })
  .min(1, { error: "a list of at least one CIDR" });

/** An integer, given as a number or, as the engine does, as text. */
export const integer = (least: number, most: number) => {
  const expected = `an integer from ${least} to ${most}`;
  const fits = (value: string) => /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most;
  const asText = z.preprocess((value) => (typeof value === "number" ? String(value) : value), z.string(expected));
  return asText.refine((value) => fits(value), { error: expected }).transform(Number);
};

/** True or false, given as such or, as the engine does, as text. */
export const boolean = z
  .union([z.boolean(), z.enum(["true", "false"])], { error: "true or false" })
  .transform((value) => value === true || value === "true");

/** A release line or one release. */
export const release = z
  .string({ error: supportedRelease.expected })
  .refine(supportedRelease.test, { error: supportedRelease.expected });

/** What differs for single nodes, by name. */
export const nodeSettings = z.record(
  z.string(),
  z.strictObject(
    {
      type: word("a Hetzner server type such as ccx43").optional(),
      state: choice("present", "standalone", "absent").default("present"),
    },
    { error: "an object such as {type: ccx43} or {state: absent}" },
  ),
  { error: "an object keyed by node names" },
);

/** What drift was found on, by machine. */
export const repairs = z.record(z.string(), z.string({ error: "what `npm run drift` wrote" }), {
  error: "an object keyed by machine names",
});

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
const propertiesExpected = "an object of single values without line breaks, and none that the cluster sets itself";

/** Overrides of bbb-web.properties, as texts. */
export const propertyOverrides = z
  .record(z.string().regex(/^[\w.-]+$/), scalar, { error: propertiesExpected })
  .transform((given) => Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)])))
  .superRefine((given, context) => {
    const managed = managedKeys("bbb-web.properties");
    for (const [key, value] of Object.entries(given)) {
      if (managed.includes(key) || /[\r\n]/.test(value)) {
        context.addIssue({ code: "custom", path: [key], message: propertiesExpected });
      }
    }
  });

const treeExpected = "an object of settings, keys without dots, and none that the cluster sets itself";

/** Overrides of bbb-html5.yml, as a tree. */
export const treeOverrides = z
  .custom<SettingTree>((value) => typeof value === "object" && value !== null && !Array.isArray(value), {
    error: treeExpected,
  })
  .superRefine((given, context) => {
    const paths = Object.keys(flattenSettings(given));
    for (const path of conflictingPaths(paths, managedKeys("bbb-html5.yml"))) {
      context.addIssue({ code: "custom", path: path.split("."), message: treeExpected });
    }
  });

function isCidr(value: string): boolean {
  const [address = "", bits = "", ...more] = value.split("/");
  const family = isIP(address);
  const width = family === 4 ? 32 : 128;
  return family !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= width;
}
