import { z } from "zod";

import { plainText } from "../../checks/plain-text";

const line = z.string().transform((text) => plainText(text, 300));
const value = z
  .unknown()
  .optional()
  .transform((any) => (any === undefined || any === null ? undefined : plainText(asText(any), 300)));
const finding = z.object({
  path: line,
  state: line,
  key: line.optional(),
  unit: line.optional(),
  expected: value,
  found: value,
});
const answer = z.object({
  release: line.nullable(),
  findings: z.array(finding).max(1000),
  requests: z
    .record(
      z.string(),
      z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/), state: z.enum(["started", "pending", "done"]) }),
    )
    .transform((requests) => new Map(Object.entries(requests))),
  digest: z.string().regex(/^([0-9a-f]{64})?$/),
});

/** Something on a machine that is not as its last configuration left it. */
export type Finding = z.output<typeof finding>;

/** What a machine says of itself; all of its text is safe to show. */
export type Answer = z.output<typeof answer>;

/** Reads what a machine answered to `bbb-cluster drift`, trusting nothing in it; throws a sentence when it has another shape. */
export function readAnswer(text: string): Answer {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error("its answer is not JSON");
  }
  const result = answer.safeParse(parsed);
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.map(String).join(".") ?? "";
  throw new Error(`its answer has another shape than expected${where ? ` at ${plainText(where, 60)}` : ""}`);
}

/** A finding in one line. */
export function describeFinding({ path, key, state, unit, expected, found }: Finding): string {
  const where = key === undefined ? path : `${path}: ${key}`;
  const values = [found !== undefined && `found ${found}`, expected !== undefined && `expected ${expected}`];
  const details = [unit && `by ${unit}`, values.filter(Boolean).join(", ")].filter(Boolean).join(": ");
  return `${where}: ${state}${details ? ` (${details})` : ""}`;
}

function asText(any: unknown): string {
  return typeof any === "string" ? any : JSON.stringify(any);
}
