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

/** A mistake: where it is, what was expected and found, and the command that mends it. */
export interface Problem {
  path: string[];
  text: string;
  remedy: string | undefined;
}

/** The mistakes that an issue stands for. */
export function describeIssue(issue: z.core.$ZodIssue, raw: RawValues): Problem[] {
  // What is of no kind is described as a whole.
  const isOfNoKind = issue.code === "invalid_union" && issue.discriminator !== undefined;
  const path = issue.path.map(String).slice(0, isOfNoKind ? -1 : undefined);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => describeUnknownKey([...path, key]));
  }
  return [describeProblem(path, issue.message, raw, remedyOf(issue, path, raw))];
}

/** A mistake in a value. */
export function describeProblem(path: string[], expected: string, raw: RawValues, remedy = rowRemedy(path)): Problem {
  return { path, text: `${pathText(path)} must be ${expected}, got ${show(path, raw)}`, remedy };
}

/**
 * One line each, key, expected, got, remedy: all remedies, applied in this order, mend everything. Items of lists go from
 * the back, because those behind one that is taken away move up, and each goes once.
 */
export function renderProblems(problems: readonly Problem[]): string[] {
  const items = problems.filter(({ path }) => isItem(path));
  const removals = new Map(items.filter(isRemoval).map((problem) => [pathText(itemOf(problem.path)), problem]));
  const lines = items.sort(fromTheBack).map((problem) => {
    const removal = removals.get(pathText(itemOf(problem.path))) ?? problem;
    return removal === problem ? problem : { ...problem, remedy: undefined };
  });
  const all = [...lines, ...problems.filter(({ path }) => !isItem(path))];
  // A value may be wrong in several ways that are described alike.
  return [...new Set(all.map(({ text, remedy }) => (remedy === undefined ? text : `${text}; run: ${remedy}`)))];
}

function fromTheBack({ path: [key = "", index] }: Problem, { path: [other = "", otherIndex] }: Problem): number {
  return key.localeCompare(other) || Number(otherIndex) - Number(index);
}

function isRemoval({ path, remedy }: Problem): boolean {
  return remedy === removalOf(itemOf(path));
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
  const text = JSON.stringify(value, (_, inner) => (typeof inner === "string" ? withoutUsers(inner) : inner));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Up to the last @: what is refused may have a password with characters that a URL does not allow there. */
function withoutUsers(text: string): string {
  return text.replaceAll(/:\/\/\S*@/g, "://***@");
}

/** A value that is right for sure, or the part is taken away; where it is needed, what its row says. */
function remedyOf(issue: z.core.$ZodIssue, path: string[], { values, secret }: RawValues): string | undefined {
  const right = issue.code === "custom" && !secret.has(path[0] ?? "") ? issue.params?.["value"] : undefined;
  if (right !== undefined) {
    return `pulumi config set --path '${pathText(path)}' ${right}`;
  }
  const own = issue.code === "custom" ? issue.params?.["remedy"] : undefined;
  const row = keys[path[0] as ConfigKey];
  if (own !== undefined || row === undefined) return own;
  // A value that has no parts, or those of something else, is in the way of what the row says.
  if (path.length === 1 && row.required && row.structured === "object" && hasSomething(values[path[0] ?? ""])) {
    return `pulumi config rm ${path[0]} && ${row.remedy}`;
  }
  // Of a list that is needed the first item stays, with what its row says.
  const canGo = !row.required || (isItem(path) && path[1] !== "0");
  return path.length > 1 && canGo ? removalOf(itemOf(path)) : undefined;
}

/** Pulumi.yaml has an empty object for one that is missing. */
function hasSomething(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value) !== "{}";
}

/** The command that takes a part of a key away. */
export function removalOf(path: string[]): string {
  return `pulumi config rm --path '${pathText(path)}'`;
}

/** Of a list, the whole item: a part may be missing in what is left. */
function itemOf(path: string[]): string[] {
  return isItem(path) ? path.slice(0, 2) : path;
}

function isItem([key, index]: string[]): boolean {
  return index !== undefined && keys[key as ConfigKey]?.structured === "list";
}

function rowRemedy([key = ""]: readonly string[]): string | undefined {
  return keys[key as ConfigKey]?.remedy;
}

function describeUnknownKey(path: string[]): Problem {
  const name = pathText(path);
  const text = `${name} is not a known key`;
  return path.length === 1
    ? { path, text, remedy: `pulumi config rm ${name}; known keys: ${Object.keys(keys).sort().join(", ")}` }
    : { path, text, remedy: removalOf(itemOf(path)) };
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  let value = values;
  for (const part of path) {
    value = typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined;
  }
  return value;
}
