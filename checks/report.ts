import type { CheckResult } from "./check";

/** The line a check gets: `ok` or `FAIL`, its name, what was expected and what was seen. */
export function renderResult({ name, ok, expected, seen }: CheckResult): string {
  return `${ok ? "ok  " : "FAIL"} ${name}: expected ${expected}; seen ${seen}`;
}

/** The last line of a verification: how many checks there were, how many failed, how long it took. */
export function renderSummary(results: CheckResult[], milliseconds: number): string {
  const failed = results.filter((result) => !result.ok).length;
  return `${results.length} checks, ${failed} failed, in ${(milliseconds / 1000).toFixed(1)} s`;
}
