import { z } from "zod";

import { mostNodes } from "../plan/addresses";
import { releaseLine } from "../plan/releases";
import { ConfigError, describeIssue, describeProblem, show } from "./error";
import { type ClusterConfig, type ConfigKey, keys, type PlanConfig, type PlanValues } from "./keys";
import { rules } from "./rules";

/** The result of checking raw values: the configuration, or every problem as one line each. */
export interface Checked<Config> {
  config?: Config;
  problems: string[];
}

/**
 * Checks raw values (strings as the engine hands them over, structured ones parsed); touches nothing outside.
 * @param cluster the cluster's name, which begins the names of its machines
 */
export function checkValues(cluster: string, values: Record<string, unknown>): Checked<ClusterConfig> {
  return check(cluster, values, Object.keys(keys) as ConfigKey[]) as Checked<ClusterConfig>;
}

/**
 * The configuration of a cluster that another program brings up; its secret goes to the component alone.
 * @throws {ConfigError} one error that lists every problem
 */
export function planConfig(cluster: string, values: PlanValues): PlanConfig {
  const wanted = (Object.keys(keys) as ConfigKey[]).filter((key) => keys[key].secret === undefined);
  const { config, problems } = check(cluster, values, wanted);
  if (config === undefined) {
    throw new ConfigError(problems);
  }
  return config;
}

function check(cluster: string, values: Record<string, unknown>, wanted: ConfigKey[]): Checked<PlanConfig> {
  const result = z.strictObject(Object.fromEntries(wanted.map((key) => [key, keys[key].schema]))).safeParse(values);
  const issues = result.success ? [] : result.error.issues;
  const problems = [
    ...issues.flatMap((issue) => describeIssue(issue, values)),
    // Also when other keys are wrong, so that nothing is held back for a second try.
    ...rules
      .filter(({ holds }) => !holds(values))
      .map(({ key, expected }) => describeProblem([key], expected, show(values[key]))),
    ...strangers(cluster, values),
  ];
  if (!result.success || problems.length > 0) {
    return { problems };
  }
  const config = result.data as PlanConfig;
  return { config: { ...config, nodeImage: config.nodeImage ?? releaseLine(config.release).image ?? "" }, problems };
}

/** Keyed by machines, and none of the cluster's can have that name. */
function strangers(cluster: string, values: Record<string, unknown>): string[] {
  const node = new RegExp(`^${cluster}-(0[1-9]|[1-8]\\d|${mostNodes})$`);
  const expected = `keyed by node names from ${cluster}-01 to ${cluster}-${mostNodes}`;
  const isMachine = (name: string) => name === cluster || node.test(name);
  return [
    ...keysOf(values["nodeSettings"])
      .filter((name) => !node.test(name))
      .map((name) => describeProblem(["nodeSettings"], expected, show(name))),
    ...keysOf(values["repair"])
      .filter((name) => !isMachine(name))
      .map((name) => describeProblem(["repair"], `keyed by ${cluster} or by node names`, show(name))),
  ];
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
