import { plainText } from "./plain-text";

/** One thing that can be seen from outside; `run` resolves to what was seen and throws a `Mismatch` (or any error) otherwise. */
export interface Check {
  name: string;
  expected: string;
  run(): Promise<string>;
}

/** What became of a check: it held, it did not, or it cannot be known from here. */
export type Verdict = "ok" | "failed" | "not checked";

/** A check's name, what became of it, what was expected and what was seen (or why it was not checked). */
export interface CheckResult {
  name: string;
  verdict: Verdict;
  expected: string;
  seen: string;
}

/** Thrown by a check that saw something else than it expected; the message is what was seen. */
export class Mismatch extends Error {}

/** Thrown by a check whose answer cannot be known from here; the message is why. */
export class NotChecked extends Error {}

/** Returns `seen` if `ok`, otherwise throws a `Mismatch` with it. */
export function seen(ok: boolean, what: string): string {
  if (!ok) throw new Mismatch(what);
  return what;
}

/** The check, given up before it begins if there is a reason for that. */
export function unless(reason: string | false | undefined, check: Check): Check {
  return reason ? { ...check, run: () => Promise.reject(new NotChecked(reason)) } : check;
}

/** Runs one check and never throws: an error of any kind is a result, and what others said is safe to show. */
export async function runCheck({ name, expected, run }: Check): Promise<CheckResult> {
  try {
    return { name, verdict: "ok", expected, seen: plainText(await run()) };
  } catch (error) {
    const verdict = error instanceof NotChecked ? "not checked" : "failed";
    return { name, verdict, expected, seen: plainText(describe(error)) };
  }
}

/** Runs checks, at most `width` at a time, and hands each result to `emit` in the order of the checks. */
export async function runChecks(checks: Check[], emit: (result: CheckResult) => void, width = 24): Promise<void> {
  const results = new Array<CheckResult | undefined>(checks.length);
  let next = 0;
  let emitted = 0;
  const worker = async () => {
    for (let index = next++; index < checks.length; index = next++) {
      results[index] = await runCheck(checks[index] as Check);
      for (let result = results[emitted]; result; result = results[++emitted]) emit(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, checks.length) }, worker));
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join("; ");
  return error instanceof Error ? error.message || error.name : String(error);
}
