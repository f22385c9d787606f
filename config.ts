import * as pulumi from "@pulumi/pulumi";
import { ConfigError, describeProblem } from "./config/error";
import { type ClusterConfig, clusterSchema, remedies } from "./config/schema";

export type { ClusterConfig } from "./config/schema";

const namespace = "bbb-cluster";

/** Keys whose values are JSON in the stack's configuration. */
const structured = new Set([
  "nodeSettings",
  "bbbWebProperties",
  "bbbHtml5",
  "installer",
  "extraCaCertificates",
  "sshPublicKeys",
  "adminCidrs",
]);

/**
 * Reads and checks the whole stack configuration; the only reader of it.
 * @throws {ConfigError} one error that lists every problem, before any resource is made
 */
export function loadConfig(): ClusterConfig {
  const values = stackValues();
  const { config, problems } = parseConfig(values);
  if (values["clusterSecret"] !== undefined && !secretKeys().includes(`${namespace}:clusterSecret`)) {
    problems.push(`${namespace}:clusterSecret must be a secret, got plain text; run: ${remedies.clusterSecret}`);
  }
  if (config === undefined || problems.length > 0) {
    throw new ConfigError(problems);
  }
  return config;
}

/** The result of checking raw values: the configuration, or every problem as one line each. */
export interface ParsedConfig {
  config?: ClusterConfig;
  problems: string[];
}

/** Checks raw values (strings as the engine hands them over, structured ones parsed); touches nothing outside. */
export function parseConfig(values: Record<string, unknown>): ParsedConfig {
  const result = clusterSchema.safeParse(values);
  if (result.success) {
    return { config: result.data, problems: [] };
  }
  return { problems: result.error.issues.flatMap((issue) => describeProblem(issue, values)) };
}

function stackValues(): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [fullKey, text] of Object.entries(pulumi.runtime.allConfig())) {
    const [space, key] = splitKey(fullKey);
    if (space === namespace && text !== "") {
      values[key] = structured.has(key) ? parseJson(text) : text;
    }
  }
  return values;
}

function splitKey(fullKey: string): [string, string] {
  const colon = fullKey.indexOf(":");
  return [fullKey.slice(0, colon), fullKey.slice(colon + 1)];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The engine says which keys are secret only in this variable; the SDK reads it there too. */
function secretKeys(): string[] {
  return JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
}
