import { UsageError } from "./command-line";

/** A number from the command line, `least` or more; undefined where none is given. */
export function wholeNumber(option: string, given: string | undefined, least: number): number | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,5}$/.test(given) || Number(given) < least) {
    throw new UsageError(`--${option} must be a whole number from ${least} on, got ${JSON.stringify(given)}`);
  }
  return Number(given);
}
