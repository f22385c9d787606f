import * as pulumi from "@pulumi/pulumi";

import { checkValues } from "./check";
import { ConfigError } from "./error";
import { type ClusterConfig, type ConfigKey, keys, type OverrideKey, overrideKeys } from "./keys";
import { changedInFile, changedNumbers, stackFile } from "./numbers";
import type { KeyRow } from "./row";
import { secrecyProblems } from "./secrets";

/** The configuration of a stack; overrides that are secrets stand apart. */
export type StackConfig = ClusterConfig & { secretOverrides: Partial<Pick<ClusterConfig, OverrideKey>> };

/**
 * Reads and checks the whole configuration of the stack; the only reader of it.
 * @param cluster the cluster's name, which begins the names of its machines
 * @throws {ConfigError} one error that lists every problem, before any resource is made
 */
export function loadConfig(cluster: string): StackConfig {
  const namespace = pulumi.getProject();
  const secret = secretKeys(namespace);
  const { values, problems: unread } = readValues(namespace, secret);
  const { config, problems } = checkValues(cluster, values, secret);
  const inFile = changedInFile(namespace, stackFile(pulumi.getStack()));
  const own = [...inFile, ...unread, ...problems, ...secrecyProblems({ values, secret })];
  const all = [...own.map((problem) => `${namespace}:${problem}`), ...tokenProblems(), ...strayProblems(namespace)];
  if (config === undefined || all.length > 0) {
    throw new ConfigError(all);
  }
  return apart(config, secret);
}

function apart(config: ClusterConfig, secret: ReadonlySet<string>): StackConfig {
  const hidden = overrideKeys.filter((key) => secret.has(key));
  const secretOverrides = Object.fromEntries(hidden.map((key) => [key, config[key]]));
  return { ...config, ...Object.fromEntries(hidden.map((key) => [key, {}])), secretOverrides };
}

/** The engine says which keys are secret only in this variable, and of a structured key only its name. */
function allSecretKeys(): string[] {
  return JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
}

/** The provider takes its token, which opens the whole project at Hetzner, in plain text, too. */
function tokenProblems(): string[] {
  const key = "hcloud:token";
  return pulumi.runtime.allConfig()[key] && !allSecretKeys().includes(key)
    ? [`${key} must be a secret, got plain text; run: pulumi config set --secret ${key} "$(pulumi config get ${key})"`]
    : [];
}

/** What is ours and was set for another project or a provider, as from a stack file of an older name, is read by nobody. */
function strayProblems(namespace: string): string[] {
  const secret = allSecretKeys();
  return Object.keys(pulumi.runtime.allConfig()).flatMap((fullKey) => {
    const [other, key = ""] = fullKey.split(":", 2);
    if (other === namespace || !Object.hasOwn(keys, key)) return [];
    const flag = secret.includes(fullKey) ? "--secret " : "";
    const move = `pulumi config set ${flag}${namespace}:${key} "$(pulumi config get ${fullKey})"`;
    return [`${fullKey} must be ${namespace}:${key}; run: ${move} && pulumi config rm ${fullKey}`];
  });
}

function secretKeys(namespace: string): Set<string> {
  const all = allSecretKeys();
  return new Set(all.filter((key) => key.startsWith(`${namespace}:`)).map((key) => key.slice(namespace.length + 1)));
}

function readValues(
  namespace: string,
  secret: ReadonlySet<string>,
): { values: Record<string, unknown>; problems: string[] } {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [fullKey, text] of Object.entries(pulumi.runtime.allConfig())) {
    const colon = fullKey.indexOf(":");
    const key = fullKey.slice(colon + 1);
    if (fullKey.slice(0, colon) === namespace && !isLeftOut(key, text)) {
      const isStructured = keys[key as ConfigKey]?.structured !== undefined;
      values[key] = isStructured ? parseJson(text) : text;
      problems.push(...(isStructured ? changedNumbers(key, text, secret.has(key)) : []));
    }
  }
  return { values, problems };
}

/** Pulumi.yaml gives every key a value: these stand for none. */
function isLeftOut(key: string, text: string): boolean {
  const row: KeyRow | undefined = keys[key as ConfigKey];
  return text === "" || (text === "{}" && row?.required === false && row.default === undefined);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
