import { RunError } from "@pulumi/pulumi";
import type { z } from "zod";

import { type ConfigKey, keys } from "./keys";

/** One error for all mistakes in the stack configuration, one line each; Pulumi shows it without a stack trace. */
export class ConfigError extends RunError {
  constructor(readonly problems: readonly string[]) {
    super(["invalid stack configuration:", ...problems.map((problem) => `  ${problem}`)].join("\n"));
    this.name = "ConfigError";
    // Pulumi never shows it, and its own frames, as source maps name them, keep Node 20 busy for 15 s (util.inspect).
    this.stack = this.message;
  }
}

/** One line per mistake that an issue stands for: key, expected, got, remedy. Secret values are never shown. */
export function describeIssue(issue: z.core.$ZodIssue, values: Record<string, unknown>): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => describeUnknownKey([...issue.path, key].map(String)));
  }
  const got = isSecret(issue.path[0]) ? describeSecret(values) : show(valueAt(values, issue.path));
  return [describeProblem(issue.path.map(String), issue.message, got)];
}

/** One line: key, expected, got, remedy. */
export function describeProblem(path: readonly string[], expected: string, got: string): string {
  const [key = "", ...rest] = path;
  const name = [key, ...rest.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))].join("");
  const remedy = keys[key as ConfigKey]?.remedy;
  return `${name} must be ${expected}, got ${got}${remedy === undefined ? "" : `; run: ${remedy}`}`;
}

/** A value as an error shows it. */
export function show(value: unknown): string {
  if (value === undefined) {
    return "nothing";
  }
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function describeUnknownKey(path: string[]): string {
  const name = path.join(".");
  return path.length === 1
    ? `${name} is not a known key; run: pulumi config rm ${name}; known keys: ${Object.keys(keys).sort().join(", ")}`
    : `${name} is not a known key; run: pulumi config rm --path ${name}`;
}

function isSecret(key: PropertyKey | undefined): boolean {
  return keys[key as ConfigKey]?.secret === true;
}

function describeSecret(values: Record<string, unknown>): string {
  return values["clusterSecret"] === undefined ? "nothing" : "another value (not shown)";
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  let value = values;
  for (const part of path) {
    value = (value as Record<PropertyKey, unknown> | undefined)?.[part];
  }
  return value;
}
