import { setTimeout } from "node:timers/promises";
import { brief, request } from "../../checks/request";
import { percentile } from "./percentile";

/** What to ask, how often a second and for how long; `url` is asked over a new connection each time. */
export interface ProbeOptions {
  url: string;
  rate: number;
  seconds: number;
}

/** What a probe found: the milliseconds of each request that succeeded and the number of those that failed. */
export interface ProbeSummary {
  milliseconds: number[];
  failed: number;
  /** Those that failed when they were asked again at once, too, as a browser asks. */
  failedTwice: number;
}

/** Asks at a fixed rate, whether or not earlier answers came, until the time is up or `stop` fires; reports failures as they happen. */
export async function probe(
  options: ProbeOptions,
  stop: AbortSignal,
  report: (line: string) => void,
): Promise<ProbeSummary> {
  const summary: ProbeSummary = { milliseconds: [], failed: 0, failedTwice: 0 };
  const total = Math.max(1, Math.round(options.rate * options.seconds));
  const started = performance.now();
  const asked: Promise<void>[] = [];
  for (let number = 0; number < total && !stop.aborted; number += 1) {
    await waitUntil(started + (number * 1000) / options.rate, stop);
    if (!stop.aborted) asked.push(ask(options.url, number + 1, summary, report));
  }
  await Promise.all(asked);
  return summary;
}

/** The last line of a probe. */
export function renderProbe({ milliseconds, failed, failedTwice }: ProbeSummary): string {
  const at = (share: number) => (milliseconds.length === 0 ? "-" : percentile(milliseconds, share).toFixed(0));
  const again = failed > 0 ? ` (${failedTwice} once more)` : "";
  return `${milliseconds.length + failed} requests, ${failed} failed${again}, p50 ${at(0.5)} p99 ${at(0.99)} ms`;
}

async function ask(url: string, number: number, summary: ProbeSummary, report: (line: string) => void): Promise<void> {
  const started = performance.now();
  try {
    await requestPage(url);
    summary.milliseconds.push(performance.now() - started);
  } catch (error) {
    summary.failed += 1;
    report(`${new Date().toISOString()} request ${number}: ${(error as Error).message}`);
    summary.failedTwice += await requestPage(url).then(
      () => 0,
      () => 1,
    );
  }
}

async function requestPage(url: string): Promise<void> {
  const answer = await request(url, { milliseconds: 10_000 });
  if (answer.status !== 200) throw new Error(brief(answer));
}

async function waitUntil(moment: number, stop: AbortSignal): Promise<void> {
  const milliseconds = Math.max(0, moment - performance.now());
  await setTimeout(milliseconds, undefined, { signal: stop }).catch(() => undefined);
}
