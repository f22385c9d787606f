/** Raw values: each rule holds also for values that are wrong by themselves, which are reported once. */
export type Values = Record<string, unknown>;

/** What is wrong between keys: where, what is expected (it finishes "KEY must be …"), and the command that mends it. */
export interface Violation {
  path: string[];
  expected: string;
  remedy: string;
}

/** A value as an object; one without keys when it is none. */
export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
