import type { Context } from "hono";
import { z } from "zod";

import { ApiError, notUnique } from "./errors";
import { isLabel } from "./selector";
import type { Collection } from "./store";

/** Labels of a request. */
export const labels = z
  .record(z.string(), z.string())
  .refine((all) => Object.entries(all).every(([key, value]) => isLabel(key, value)), "must be valid labels");

/** A name of up to 128 characters. */
export const name = z.string().min(1).max(128);

/** A name that can be a host name (RFC 1123). */
export const hostName = z
  .string()
  .max(253)
  .regex(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/, {
    message: "must be a valid host name",
  });

/** Reads the JSON body (none counts as `{}`); throws json_error or invalid_input with every wrong field. */
export async function readBody<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  const text = await c.req.text();
  let json: unknown;
  try {
    json = text === "" ? {} : JSON.parse(text);
  } catch (error) {
    throw new ApiError(400, "json_error", `the request body must be JSON, got: ${(error as Error).message}`);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => ({ name: issue.path.join("."), messages: [issue.message] }));
  const named = fields.map((field) => `'${field.name}' ${field.messages[0]}`).join("; ");
  throw new ApiError(422, "invalid_input", `invalid input in field ${named}`, { fields });
}

/** Throws uniqueness_error when another resource of the kind has this name already. */
export function requireFreeName<T extends { id: number; name: string }>(
  kind: string,
  collection: Collection<T>,
  wanted: string | undefined,
  ownId?: number,
): void {
  if (!collection.all().some((item) => item.name === wanted && item.id !== ownId)) return;
  throw notUnique("name", `${kind} name is already used`);
}
