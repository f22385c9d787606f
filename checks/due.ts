/** What security updates have left to be done on a machine; all of its text is safe to show. */
export interface Due {
  /** Packages that wait until the node is empty. */
  held: string[];
  /** Packages that come in the next maintenance window. */
  waiting: string[];
  /** Services that still run on programs or libraries that were replaced. */
  old: string[];
  /** What asks for a reboot; null: nothing does. */
  reboot: string[] | null;
  /** The last run, and why it failed; null: there was none yet. */
  last: { at: string; failure: string | null } | null;
}

/** How what is due on a machine is found out; null: it cannot be. */
export type FindDue = (machine: string) => Promise<Due | null>;

const dayMs = 24 * 60 * 60 * 1000;
const staleDays = 3;

/** Whether anything is left to be done; a run that failed is not. */
export function isAnythingDue({ held, waiting, old, reboot }: Due): boolean {
  return held.length + waiting.length + old.length > 0 || reboot !== null;
}

/** It in a few words: `2 held, 3 old, reboot`. */
export function summarizeDue(due: Due, now = Date.now()): string {
  const { held, waiting, old, reboot, last } = due;
  const counts = { held, waiting, old };
  const words = [
    ...Object.entries(counts).flatMap(([word, names]) => (names.length > 0 ? [`${names.length} ${word}`] : [])),
    ...(reboot === null ? [] : ["reboot"]),
    ...(last?.failure ? ["failed"] : []),
    ...(last !== null && isStale(last.at, now) ? ["not updated"] : []),
  ];
  return words.join(", ") || "nothing";
}

/** It with all names, a line for each kind. */
export function describeDue({ held, waiting, old, reboot, last }: Due, now = Date.now()): string[] {
  const list = (what: string, names: readonly string[]) => (names.length > 0 ? [`${what}: ${names.join(", ")}`] : []);
  return [
    ...list("held until it is empty", held),
    ...list("wait for the next maintenance window", waiting),
    ...list("run on old libraries", old),
    ...(reboot === null ? [] : [`a reboot is due${reboot.length > 0 ? `: ${reboot.join(", ")}` : ""}`]),
    ...(last?.failure ? [`the last security updates failed (${last.at}): ${last.failure}`] : []),
    ...(last !== null && isStale(last.at, now) ? [`no security updates since ${last.at}`] : []),
  ];
}

function isStale(at: string, now: number): boolean {
  return !(now - Date.parse(at) < staleDays * dayMs);
}
