import type { ReleaseRange } from "./releases";

/** A row of a file that others write, too: one key, for the releases in its range. */
export interface SettingRow extends ReleaseRange {
  key: string;
  value: SettingValue;
}

/** What a key can be set to; a list replaces a list. */
export type SettingValue = string | number | boolean | null | readonly unknown[];

/** A unit of systemd that reads a file: by name, or for the releases in a range. */
export type UnitRow = string | ({ unit: string } & ReleaseRange);

/** Words that a unit is to have in a variable of its environment, behind those that others set there. */
export interface AppendedWords {
  unit: string;
  variable: string;
  words: readonly string[];
}

/** A file of which some keys are ours; everything else in it stays as it is. */
export interface MergedFile extends ReleaseRange {
  path: string;
  format: "properties" | "yaml" | "json" | "env";
  restart: UnitRow[];
  /** Only a file that says this key is touched; without it there is nothing to set, and none is made. */
  onlyIfKey?: string;
  settings: SettingRow[];
}

/** A file that is ours as a whole, as a list of lines. */
export interface OwnedFile extends ReleaseRange {
  /** `/a/{b,c}.conf` stands for two files with the same content. */
  path: string;
  restart: UnitRow[];
  /** nginx cannot load it without the certificate of the machine's name: it is not there as long as there is none. */
  needsCertificate?: true;
  content: readonly string[];
}

/** A drop-in that is ours as a whole, for words in the environment of its unit. */
export interface AppendingFile extends ReleaseRange {
  path: string;
  restart: UnitRow[];
  appends: AppendedWords;
}

/** What a machine needs to get certificates and to trust others. */
export interface CertificateSettings {
  email: string;
  /** Directory URL of the ACME server; null: Let's Encrypt. */
  acmeDirectory: string | null;
  /** PEM */
  caCertificates: readonly string[];
}

/** When security updates may interrupt users, such as `02:00-05:00 Europe/Berlin`; null: there are none. */
export type MaintenanceWindow = string | null;

/** Stdin of `configure-proxy`, without what only the cloud knows. */
export interface ConfigureProxyRequest extends CertificateSettings {
  /** The cluster's. */
  hostname: string;
  /** Further names of its certificate. */
  names: readonly string[];
  maintenance: MaintenanceWindow;
  /** Where the other proxies say whether they serve: URLs. */
  peers: readonly string[];
  /** Another text than before has everything put right again. */
  repair: string;
  files: OwnedFile[];
}

/** Stdin of `configure-node`, without what only the cloud knows. The files of every node come with the host programs. */
export interface ConfigureNodeRequest extends CertificateSettings {
  hostname: string;
  /** Release line or exact release. */
  release: string;
  installer: {
    url: string;
    /** 64 hexadecimal digits */
    sha256: string;
    /** Host name of the package repository, if it is not BigBlueButton's own. */
    repository?: string;
    /** What bbb-install.sh takes as `-v`. */
    version: string;
  };
  /** Whether a change that ends meetings is kept until there are none. */
  restart: "whenEmpty" | "now";
  maintenance: MaintenanceWindow;
  /** Another text than before has everything put right again. */
  repair: string;
  /** The node's name, which its files are made of; null: it is in no cluster, and gets none. */
  node: string | null;
  /** Whose pages are to be allowed to use the node; null: nobody's. */
  proxyHostname: string | null;
  /** What an administrator sets in them. */
  files: OverrideFile[];
  /** What an administrator puts there besides. */
  nodeFiles: AdministratorFile[];
  /** The script that is run there: the SHA-256 by which it comes with the host programs; null: none. */
  nodeHook: string | null;
}

/** What `configure-node` is told besides where overrides are secrets: the digest of those that `keep-secrets` has left. */
export interface SecretOverrides {
  secretOverrides: string;
}

/** An administrator's own settings in a file of the cluster's. */
export interface OverrideFile {
  path: string;
  settings: SettingRow[];
}

/** A file of an administrator's: its bytes come with the host programs, named by their SHA-256. */
export interface AdministratorFile {
  path: string;
  sha256: string;
  /** Octal, such as 0644. */
  mode: string;
  restart: readonly string[];
}

/** Stdin of `keep-secrets`, itself a secret: what `configure-node` adds to the rows of its own request. */
export interface KeepSecretsRequest {
  digest: string;
  /** The node's: what was lost there is kept again. */
  repair: string;
  files: OverrideFile[];
}

/** What only the cloud knows of a machine before it configures itself: its name has to lead to these. */
export interface PublicAddresses {
  addresses: string[];
}

/** Who may reach a machine, and log in there: a part of `configure-proxy` and `configure-node`. */
export interface AccessRequest {
  access: {
    /** The private network; within it only rows that name a source there let anything in. */
    network: string;
    /** Rows such as `tcp 22 203.0.113.7/32`. */
    open: readonly string[];
    /** TCP ports whose connections the kernel does not remember. */
    untracked?: readonly string[];
    /** Pulumi's own first. */
    sshPublicKeys: readonly string[];
  };
}

/** A request as text with a line for each of its fields, and for each row and line of a file, as previews show it. */
export function renderRequest(request: object): string {
  const fields = Object.entries(request).map(([name, value]) => `${JSON.stringify(name)}:${renderValue(value)}`);
  return `{\n${fields.join(",\n")}\n}`;
}

function renderValue(value: unknown): string {
  if (Array.isArray(value) && value.length > 0) {
    return `[\n${value.map(renderValue).join(",\n")}\n]`;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return JSON.stringify(value);
  }
  const fields = Object.entries(value).map(([name, inner]) => {
    const isShort = !Array.isArray(inner) || JSON.stringify(inner).length <= shortList;
    return `${JSON.stringify(name)}:${isShort ? JSON.stringify(inner) : renderValue(inner)}`;
  });
  return `{${fields.join(",")}}`;
}

/** A list of so many characters, such as the units that read a file, stays on its line. */
const shortList = 40;
