import type { CheckResult, Verdict } from "./check";

const labels: Record<Verdict, string> = { ok: "ok  ", failed: "FAIL", "not checked": "-   " };

/** The line a check gets: `ok`, `FAIL` or `-`, its name, and what was expected and seen or why it was not checked. */
export function renderResult({ name, verdict, expected, seen }: CheckResult): string {
  const said = verdict === "not checked" ? `not checked: ${seen}` : `expected ${expected}; seen ${seen}`;
  return `${labels[verdict]} ${name}: ${said}`;
}

/** The last line of a verification: how many checks there were, how many failed or were not made, how long it took. */
export function renderSummary(results: readonly CheckResult[], milliseconds: number): string {
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  const time = `in ${(milliseconds / 1000).toFixed(1)} s`;
  return `${results.length} checks, ${count("failed")} failed, ${count("not checked")} not checked, ${time}`;
}

/** Whether nothing failed. */
export function passed(results: readonly CheckResult[]): boolean {
  return results.every(({ verdict }) => verdict !== "failed");
}
