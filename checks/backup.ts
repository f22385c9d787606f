/** What has become of a load balancer's backup; all of its text is safe to show. */
export interface Backup {
  /** Null: there is none. */
  repository: string | null;
  /** When the last one was made, in ISO 8601; null: never. */
  at: string | null;
  /** Why the last try has failed, and when that was; null: it has not. */
  failure: string | null;
  tried: string | null;
}

/** How that is found out; null: it cannot be. */
export type FindBackup = (machine: string) => Promise<Backup | null>;

const hourMs = 60 * 60 * 1000;
/** A night may be missed by a machine that was off. */
const staleHours = 50;

/** Whether the load balancer could be restored as it was a day or two ago. */
export function isBackedUp({ repository, at, failure }: Backup, now = Date.now()): boolean {
  return repository !== null && at !== null && failure === null && hoursSince(at, now) < staleHours;
}

/** It in a line: `last backup 5 hours ago`. */
export function describeBackup({ repository, at, failure, tried }: Backup, now = Date.now()): string {
  if (repository === null) return "no backup: the key `backup` is not set";
  const last = at === null ? "no backup yet" : `last backup ${ago(hoursSince(at, now))}`;
  return failure === null ? last : `${last}; the last try failed (${tried ?? "unknown when"}): ${failure}`;
}

function hoursSince(at: string, now: number): number {
  return Math.floor((now - Date.parse(at)) / hourMs);
}

function ago(hours: number): string {
  return hours < 1 ? "less than an hour ago" : hours === 1 ? "an hour ago" : `${hours} hours ago`;
}
