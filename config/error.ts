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

/** Raw values, and which of the keys hold secrets: their values are never shown. */
export interface RawValues {
  values: Record<string, unknown>;
  secret: ReadonlySet<string>;
}

/** One line per mistake that an issue stands for: key, expected, got, remedy. */
export function describeIssue(issue: z.core.$ZodIssue, raw: RawValues): string[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => describeUnknownKey([...path, key]));
  }
  return [describeProblem(path, issue.message, raw, remedyOf(issue, path, raw))];
}

/** One line: key, expected, got, remedy. */
export function describeProblem(path: string[], expected: string, raw: RawValues, remedy = rowRemedy(path)): string {
  const run = remedy === undefined ? "" : `; run: ${remedy}`;
  return `${pathText(path)} must be ${expected}, got ${show(path, raw)}${run}`;
}

/** A path as `pulumi config --path` takes it. */
export function pathText(path: readonly string[]): string {
  return path
    .map((part, index) => {
      if (index > 0 && /^\d+$/.test(part)) return `[${part}]`;
      return /^[\w-]+$/.test(part) ? `${index === 0 ? "" : "."}${part}` : `[${JSON.stringify(part)}]`;
    })
    .join("");
}

function show(path: readonly string[], { values, secret }: RawValues): string {
  const key = path[0] ?? "";
  const value = valueAt(values, path);
  if (value === undefined) {
    return "nothing";
  }
  if (keys[key as ConfigKey]?.secret === "always" || secret.has(key)) {
    return "another value (not shown)";
  }
  const text = JSON.stringify(value).replaceAll(/:\/\/[^\s/?#@"]*@/g, "://***@");
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A value that is right for sure, or the part is taken away; where it is needed, what its row says. */
function remedyOf(issue: z.core.$ZodIssue, path: string[], { secret }: RawValues): string | undefined {
  const right = issue.code === "custom" && !secret.has(path[0] ?? "") ? issue.params?.["value"] : undefined;
  if (right !== undefined) {
    return `pulumi config set --path '${pathText(path)}' ${right}`;
  }
  const row = keys[path[0] as ConfigKey];
  return path.length > 1 && row !== undefined && !row.required
    ? `pulumi config rm --path '${pathText(path)}'`
    : undefined;
}

function rowRemedy([key = ""]: readonly string[]): string | undefined {
  return keys[key as ConfigKey]?.remedy;
}

function describeUnknownKey(path: string[]): string {
  const name = pathText(path);
  return path.length === 1
    ? `${name} is not a known key; run: pulumi config rm ${name}; known keys: ${Object.keys(keys).sort().join(", ")}`
    : `${name} is not a known key; run: pulumi config rm --path '${name}'`;
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  let value = values;
  for (const part of path) {
    value = typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined;
  }
  return value;
}
