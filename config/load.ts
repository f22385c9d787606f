import * as pulumi from "@pulumi/pulumi";

import { checkValues } from "./check";
import { ConfigError, describeProblem } from "./error";
import { type ClusterConfig, type ConfigKey, keys } from "./keys";

/**
 * Reads and checks the whole configuration of the stack; the only reader of it.
 * @param cluster the cluster's name, which begins the names of its machines
 * @throws {ConfigError} one error that lists every problem, before any resource is made
 */
export function loadConfig(cluster: string): ClusterConfig {
  const namespace = pulumi.getProject();
  const values = stackValues(namespace);
  const { config, problems } = checkValues(cluster, values);
  const inPlain = (Object.keys(keys) as ConfigKey[]).filter(
    (key) => keys[key].secret && isPlain(namespace, key, values),
  );
  problems.push(...inPlain.map((key) => describeProblem([key], "a secret", "plain text")));
  if (config === undefined || problems.length > 0) {
    throw new ConfigError(problems.map((problem) => `${namespace}:${problem}`));
  }
  return config;
}

/** The engine says which keys are secret only in this variable; the SDK reads it there too. */
function isPlain(namespace: string, key: ConfigKey, values: Record<string, unknown>): boolean {
  const secret = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
  return values[key] !== undefined && !secret.includes(`${namespace}:${key}`);
}

function stackValues(namespace: string): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [fullKey, text] of Object.entries(pulumi.runtime.allConfig())) {
    const colon = fullKey.indexOf(":");
    const key = fullKey.slice(colon + 1);
    if (fullKey.slice(0, colon) === namespace && text !== "") {
      values[key] = keys[key as ConfigKey]?.structured ? parseJson(text) : text;
    }
  }
  return values;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
