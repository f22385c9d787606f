import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";

import { focalSnapshot } from "../api/catalogue";
import { INSTALLER_LINES, installerPath } from "../bigbluebutton/installer";
import { addresses, apiEndpoint } from "../fabric/addresses";
import type { Settings } from "../fabric/settings";
import type { Lab } from "../paths";
import { chooseLoadBalancer, type LoadBalancerKind } from "./load-balancer";
import type { Pulumi } from "./pulumi";

/** The program's own default. */
const defaultRelease = "3.0";

/** Values of the stack that a user may change from run to run. */
export interface Choices {
  nodes?: string | undefined;
  proxies?: string | undefined;
  release?: string | undefined;
  /** Of a new lab only: the zone of its DNS is made when it starts. */
  domain?: string | undefined;
  loadBalancer?: LoadBalancerKind | undefined;
  /** That of a lab for which none was chosen yet. */
  firstLoadBalancer?: LoadBalancerKind;
}

/** Writes what the lab's stack needs into its configuration, and the choices; what the user set otherwise stays. */
export async function configureStack(lab: Lab, settings: Settings, pulumi: Pulumi, choices: Choices): Promise<void> {
  const before = stackValues(readFileSync(lab.pulumi.config, "utf8"));
  const base = labValues(lab, settings, choices.release ?? before["release"] ?? defaultRelease);
  const digest = createHash("sha256").update(JSON.stringify(base)).digest("hex");
  const marker = join(dirname(lab.pulumi.config), "configured");
  const isNew = before["clusterSecret"] === undefined;
  const isCurrent = !isNew && existsSync(marker) && readFileSync(marker, "utf8") === digest;
  const { loadBalancer, firstLoadBalancer, ...values } = choices;
  const kinds = { wanted: loadBalancer, first: firstLoadBalancer };
  const balancer = await chooseLoadBalancer(settings, pulumi, kinds, lab.pulumi.config);
  const plain = [...(isCurrent ? [] : Object.entries(base)), ...chosen(values), ...balancer.plain];
  const own = isNew ? { clusterSecret: randomBytes(32).toString("hex"), "hcloud:token": settings.token } : {};
  const secret = { ...own, ...balancer.secret };
  const args = [...flags("--plaintext", plain), ...flags("--secret", Object.entries(secret))];
  if (base["nodeImage"] === undefined && before["nodeImage"] === String(focalSnapshot.id)) {
    await pulumi.read("config", "rm", "nodeImage", "--non-interactive");
  }
  if (args.length > 0) {
    await pulumi.read("config", "set-all", "--path", "--non-interactive", ...args);
  }
  writeFileSync(marker, digest);
}

/** The program's own values in a stack's configuration file, those that are plain text. */
export function stackValues(yaml: string): Record<string, string | undefined> {
  const { config } = (parse(yaml) ?? {}) as { config?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config ?? {}).map(([key, value]) => [key.replace(/^bbb-cluster:/, ""), String(value)]),
  );
}

/**
 * The lab's own values: what a university behind its own certificate authority would set by the same keys. The installer
 * is that of the release's line, and for what runs on Ubuntu 20.04 there is an image of one's own.
 */
export function labValues(lab: Lab, { domain, packages }: Settings, release: string): Record<string, string> {
  const line = release.split(".").slice(0, 2).join(".");
  if (!INSTALLER_LINES.includes(line)) {
    throw new Error(`the lab has no BigBlueButton ${release}: it has ${INSTALLER_LINES.join(", ")}`);
  }
  const script = installerPath(line);
  const installer = packages.map((folder) => join(folder, script)).find((file) => existsSync(file));
  if (installer === undefined) {
    throw new Error(`no ${script} in ${packages.join(" or ")}; remove that folder and start again`);
  }
  return {
    domain,
    location: "fsn1",
    // What is tried here is to be gone in one run, too.
    protect: "false",
    proxyType: "cx23",
    balancerType: "cx23",
    ...(line.startsWith("2.") ? { nodeImage: String(focalSnapshot.id) } : {}),
    acmeEmail: `admin@${domain}`,
    acmeDirectory: "https://acme.lab.test:14000/dir",
    "installer.url": `https://packages.lab.test/${script}`,
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

function chosen(choices: Omit<Choices, "loadBalancer" | "firstLoadBalancer">): [string, string][] {
  return Object.entries(choices).filter((entry): entry is [string, string] => entry[1] !== undefined);
}

function flags(flag: string, entries: readonly (readonly [string, string])[]): string[] {
  return entries.flatMap(([key, value]) => [flag, `${key}=${value}`]);
}
