import type { z } from "zod";

/** What is written down about a key of the stack configuration, besides how its value is checked. */
export interface KeyText {
  /** Its values in a few words, as README's table has them. */
  values: string;
  /** What it is. */
  description: string;
  /** What changing it does to a running cluster. */
  effect: string;
  /** The command that sets it right; shown with every mistake. */
  remedy: string;
  /** A value in YAML for Pulumi.dev.yaml, where the default does not show how it is written. */
  example?: string;
  /** Its value is JSON in the stack's configuration. */
  structured?: "object" | "list";
  /** Whether its value has to be encrypted, or may be; of others the value is seen where it is used. */
  secret?: "always" | "possible";
}

/** A key of the stack configuration. */
export interface KeyRow<S extends z.ZodType = z.ZodType> extends KeyText {
  schema: S;
  required: boolean;
  /** Undefined: none. */
  default?: unknown;
}

/** A key without which there is no cluster. */
export function required<S extends z.ZodType>(schema: S, text: KeyText): KeyRow<S> {
  return { ...text, schema, required: true };
}

/** A key that may be left out. */
export function optional<S extends z.ZodType>(schema: S, text: KeyText): KeyRow<z.ZodOptional<S>> {
  return { ...text, schema: schema.optional(), required: false };
}

/** A key that has a value when it is left out. */
export function withDefault<S extends z.ZodType>(
  schema: S,
  value: z.util.NoUndefined<z.output<S>>,
  text: KeyText,
): KeyRow<z.ZodDefault<S>> {
  return { ...text, schema: schema.default(value), required: false, default: value };
}
