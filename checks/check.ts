/** One thing a user can see from outside; `run` resolves to what was seen and throws a `Mismatch` (or any error) otherwise. */
export interface Check {
  name: string;
  expected: string;
  run(): Promise<string>;
}

/** What became of a check: its name, what was expected and what was seen. */
export interface CheckResult {
  name: string;
  ok: boolean;
  expected: string;
  seen: string;
}

/** Thrown by a check that saw something else than it expected; the message is what was seen. */
export class Mismatch extends Error {}

/** Returns `seen` if `ok`, otherwise throws a `Mismatch` with it. */
export function seen(ok: boolean, what: string): string {
  if (!ok) throw new Mismatch(what);
  return what;
}

/** Runs one check and never throws: an error of any kind is a result that is not ok. */
export async function runCheck({ name, expected, run }: Check): Promise<CheckResult> {
  try {
    return { name, ok: true, expected, seen: await run() };
  } catch (error) {
    return { name, ok: false, expected, seen: describe(error) };
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
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replaceAll(/\s*\n\s*/g, " ");
}
