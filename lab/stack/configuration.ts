import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { addresses, apiEndpoint } from "../fabric/addresses";
import type { Settings } from "../fabric/settings";
import type { Lab } from "../paths";
import type { Pulumi } from "./pulumi";

/** Values of the stack that a user may change from run to run. */
export interface Choices {
  nodes?: string | undefined;
  release?: string | undefined;
}

/** Writes what the lab's stack needs into its configuration, and the choices; what the user set otherwise stays. */
export async function configureStack(lab: Lab, settings: Settings, pulumi: Pulumi, choices: Choices): Promise<void> {
  const base = labValues(lab, settings);
  const digest = createHash("sha256").update(JSON.stringify(base)).digest("hex");
  const marker = join(dirname(lab.pulumi.config), "configured");
  const isNew = !readFileSync(lab.pulumi.config, "utf8").includes("clusterSecret");
  const isCurrent = !isNew && existsSync(marker) && readFileSync(marker, "utf8") === digest;
  const plain = [...(isCurrent ? [] : Object.entries(base)), ...chosen(choices)];
  const secret = isNew ? { clusterSecret: randomBytes(32).toString("hex"), "hcloud:token": settings.token } : {};
  const args = [...flags("--plaintext", plain), ...flags("--secret", Object.entries(secret))];
  if (args.length > 0) {
    await pulumi.read("config", "set-all", "--path", "--non-interactive", ...args);
  }
  writeFileSync(marker, digest);
}

/** The lab's own values: what a university behind its own certificate authority would set by the same keys. */
export function labValues(lab: Lab, { domain, packages }: Settings): Record<string, string> {
  const installer = packages.map((folder) => join(folder, "bbb-install.sh")).find((file) => existsSync(file));
  if (installer === undefined) {
    throw new Error(`no bbb-install.sh in ${packages.join(" or ")}; remove that folder and start again`);
  }
  return {
    domain,
    location: "fsn1",
    proxyType: "cx23",
    acmeEmail: `admin@${domain}`,
    acmeDirectory: "https://acme.lab.test:14000/dir",
    "installer.url": "https://packages.lab.test/bbb-install.sh",
    "installer.sha256": createHash("sha256").update(readFileSync(installer)).digest("hex"),
    "installer.repository": "packages.lab.test",
    "adminCidrs[0]": `${addresses.operator.ipv4}/32`,
    "sshPublicKeys[0]": readFileSync(`${lab.ssh.key}.pub`, "utf8").trim(),
    ...list("extraCaCertificates", certificates(readFileSync(lab.caCertificates, "utf8"))),
    "hcloud:endpoint": apiEndpoint,
    "hcloud:pollInterval": "100ms",
    "hcloud:pollFunction": "constant",
  };
}

/** The certificates of a PEM file, one text each. */
export function certificates(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

function list(key: string, values: string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${key}[${index}]`, value]));
}

function chosen(choices: Choices): [string, string][] {
  return Object.entries(choices).filter((entry): entry is [string, string] => entry[1] !== undefined);
}

function flags(flag: string, entries: readonly (readonly [string, string])[]): string[] {
  return entries.flatMap(([key, value]) => [flag, `${key}=${value}`]);
}
