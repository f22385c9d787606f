import { z } from "zod";

import { mostNodes } from "../plan/addresses";
import { machineLabels, machineNames, nodeName } from "../plan/machines";
import { releaseLine } from "../plan/releases";
import {
  ConfigError,
  describeIssue,
  describeProblem,
  type Problem,
  type RawValues,
  removalOf,
  renderProblems,
} from "./error";
import { type ClusterConfig, type ConfigKey, keys, overrideKeys, type PlanConfig, type PlanValues } from "./keys";
import { violations } from "./rules";
import { userInfoProblems } from "./secrets";
import { objectOf } from "./violation";

/** The result of checking raw values: the configuration, or every problem as one line each. */
export interface Checked<Config> {
  config?: Config;
  problems: string[];
}

/**
 * Checks raw values (strings as the engine hands them over, structured ones parsed); touches nothing outside, and
 * reads no files but those that they name.
 * @param cluster the cluster's name, which begins the names of its machines
 * @param secret keys whose values must not be shown
 */
export function checkValues(
  cluster: string,
  values: Record<string, unknown>,
  secret: ReadonlySet<string> = new Set(),
): Checked<ClusterConfig> {
  return check(cluster, { values, secret }, Object.keys(keys) as ConfigKey[]) as Checked<ClusterConfig>;
}

/**
 * The configuration of a cluster that another program brings up; its secrets go to the component alone.
 * @throws {ConfigError} one error that lists every problem
 */
export function planConfig(cluster: string, values: PlanValues): PlanConfig {
  const wanted = (Object.keys(keys) as ConfigKey[]).filter((key) => keys[key].secret !== "always");
  const { config, problems } = check(cluster, { values, secret: new Set() }, wanted);
  if (config === undefined) {
    throw new ConfigError(problems);
  }
  return config;
}

function check(cluster: string, raw: RawValues, wanted: ConfigKey[]): Checked<PlanConfig> {
  const shape = Object.fromEntries(wanted.map((key) => [key, keys[key].schema]));
  const result = z.strictObject(shape).safeParse(raw.values);
  const issues = result.success ? [] : result.error.issues;
  const problems = renderProblems([
    ...issues.flatMap((issue) => describeIssue(issue, raw)),
    // Also when other keys are wrong, so that nothing is held back for a second try.
    ...violations(raw.values, wanted).map(({ path, expected, remedy }) => describeProblem(path, expected, raw, remedy)),
    ...strangers(cluster, raw),
    ...takenHosts(cluster, raw),
    ...longNames(cluster, raw),
    ...userInfoProblems(raw),
    ...unkeepable(raw),
  ]);
  if (!result.success || problems.length > 0) {
    return { problems };
  }
  const config = result.data as PlanConfig;
  return { config: { ...config, nodeImage: config.nodeImage ?? releaseLine(config.release).ubuntu }, problems };
}

/** Keyed by machines, and none of the cluster's can have that name. */
function strangers(cluster: string, raw: RawValues): Problem[] {
  const nodes = Array.from({ length: mostNodes }, (_, index) => nodeName(cluster, index + 1));
  const shown = `${nodes[0]} to ${nodes.at(-1)}`;
  const among = (key: string, expected: string, names: readonly string[]) =>
    keysOf(raw.values[key])
      .filter((name) => !names.includes(name))
      .map((name) => {
        const path = [key, name];
        return describeProblem(path, `named after a machine, ${expected}`, raw, removalOf(path));
      });
  const all = machineNames(cluster);
  const others = all.filter((name) => !nodes.includes(name));
  return [...among("nodeSettings", shown, nodes), ...among("repair", `${others.join(", ")} or ${shown}`, all)];
}

/** A tenant's host leads to the load balancer; the names of machines lead to those. */
function takenHosts(cluster: string, raw: RawValues): Problem[] {
  const { domain, tenants } = raw.values;
  const labels = machineLabels(cluster);
  const isTaken = (host: unknown) => {
    const label = String(host).slice(0, -`.${domain}`.length);
    return host === `${label}.${domain}` && labels.includes(label);
  };
  return (Array.isArray(tenants) ? tenants : []).flatMap((tenant, index) => {
    const path = ["tenants", String(index)];
    return isTaken(objectOf(tenant)["host"])
      ? [describeProblem([...path, "host"], "a name that no machine of the cluster has", raw, removalOf(path))]
      : [];
  });
}

/** DNS allows 253 characters (RFC 1035), and in front of the domain comes the name of a machine. */
function longNames(cluster: string, raw: RawValues): Problem[] {
  const { domain } = raw.values;
  const longest = 253 - Math.max(...machineLabels(cluster).map((label) => `${label}.`.length));
  return typeof domain === "string" && domain.length > longest
    ? [describeProblem(["domain"], `a domain name of at most ${longest} characters`, raw)]
    : [];
}

/** What JSON can say, and neither JavaScript nor the machines would keep as it is written. */
function unkeepable(raw: RawValues): Problem[] {
  const within = (value: unknown, path: string[]): Problem[] => {
    const name = path.at(-1) ?? "";
    if (name === "__proto__" || hasHalf(name) || (typeof value === "string" && hasHalf(value))) {
      const expected = "without halves of characters, and not named __proto__";
      return [describeProblem(path, expected, raw, removalOf(path))];
    }
    const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return inner.flatMap(([key, item]) => within(item, [...path, key]));
  };
  return overrideKeys.flatMap((key) => within(raw.values[key], [key]));
}

/** An unpaired surrogate, which UTF-8 cannot hold. */
function hasHalf(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
