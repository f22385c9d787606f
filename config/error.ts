import { RunError } from "@pulumi/pulumi";
import type { z } from "zod";

import { type ConfigKey, remedies } from "./schema";

/** One error for all mistakes in the stack configuration, one line each; Pulumi shows it without a stack trace. */
export class ConfigError extends RunError {
  constructor(readonly problems: readonly string[]) {
    super(["the stack configuration is not usable:", ...problems.map((problem) => `  ${problem}`)].join("\n"));
    this.name = "ConfigError";
  }
}

/** One line per mistake that an issue stands for: key, expected, got, remedy. Secret values are never shown. */
export function describeProblem(issue: z.core.$ZodIssue, values: Record<string, unknown>): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey([...issue.path, key].map(String)));
  }
  const [key = "", ...rest] = issue.path.map(String);
  const name = ["bbb-cluster:", key, ...rest.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))].join("");
  const got = key === "clusterSecret" ? secretGot(values[key]) : show(valueAt(values, issue.path));
  const remedy = remedies[key as ConfigKey];
  return [`${name} must be ${issue.message}, got ${got}${remedy === undefined ? "" : `; run: ${remedy}`}`];
}

function unknownKey(path: string[]): string {
  const known = path.length === 1 ? "; run: pulumi config rm" : "; remove it with: pulumi config rm --path";
  const keys = Object.keys(remedies).sort().join(", ");
  return `bbb-cluster:${path.join(".")} must be a known key${path.length === 1 ? ` (${keys})` : ""}, got an unknown one${known} ${path.join(".")}`;
}

function secretGot(value: unknown): string {
  return value === undefined ? "nothing" : "another value (not shown)";
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  let value = values;
  for (const part of path) {
    value = (value as Record<PropertyKey, unknown> | undefined)?.[part];
  }
  return value;
}

function show(value: unknown): string {
  if (value === undefined) {
    return "nothing";
  }
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
