import { renderTable } from "../../checks/table";
import { type Finding, laws } from "./evidence";
import type { Verdict } from "./oracle/oracle";
import { type Operation, renderOperation } from "./sequence";

/** A soak that is over. */
export interface Soak {
  seed: string;
  /** What was done, in its order. */
  done: readonly Operation[];
  /** Why the sequence was broken off. */
  failure: string | undefined;
  seconds: number;
  /** What was typed. */
  command: string;
  verdict: Verdict;
  /** Where all logs are. */
  folder: string;
}

const shownPerLaw = 5;

/** Whether nothing was found but what was excused, of a school that has met. */
export function isWell({ verdict, failure }: Pick<Soak, "verdict" | "failure">): boolean {
  const { meetings, joins, fetches } = verdict.seen;
  const isSeen = Math.min(meetings, joins, fetches) > 0;
  return failure === undefined && isSeen && verdict.findings.every(({ excused }) => excused);
}

/** The table, and what proves each number that is not zero. */
export function renderSoak(soak: Soak): string {
  const { seed, done, seconds, verdict } = soak;
  const { meetings, recorded, joins, fetches } = verdict.seen;
  const rows = laws.map((law) => {
    const found = verdict.findings.filter((finding) => finding.law === law);
    const excused = found.filter((finding) => finding.excused).length;
    return [law, String(found.length - excused), excused > 0 ? `${excused} ${excuses[law] ?? ""}`.trim() : ""];
  });
  const whole = `${done.length} operations in ${Math.round(seconds / 60)} min with seed ${seed}`;
  return [
    `${whole}: ${meetings} meetings (${recorded} recorded), ${joins} joins, ${fetches} requests for pages and assets`,
    "",
    renderTable([["LAW", "BROKEN", "APART"], ...rows]),
    ...(isWell(soak) ? [] : whatWentWrong(soak)),
  ].join("\n");
}

/** What is counted apart, and why. */
const excuses: Readonly<Partial<Record<Finding["law"], string>>> = {
  "meetings ended by us": "by restarts on purpose",
  "rooms split": "of which one was empty or was to be over",
  "failed joins": "while the one proxy was away",
  "failed asset requests": "while the one proxy was away",
};

function whatWentWrong({ done, failure, command, verdict, folder }: Soak): string[] {
  const broken = verdict.findings.filter(({ excused }) => !excused);
  const shown = laws.flatMap((law) => broken.filter((finding) => finding.law === law).slice(0, shownPerLaw));
  const { meetings, joins, fetches } = verdict.seen;
  return [
    "",
    ...(failure === undefined ? [] : [`the last operation failed: ${failure}`]),
    ...(Math.min(meetings, joins, fetches) > 0 ? [] : ["the school has not met: nothing was tested"]),
    ...shown.flatMap(({ law, what, proof }) => [`${law}: ${what}`, ...proof.map((line) => `    ${line}`)]),
    `operations: ${done.map(renderOperation).join(", ")}`,
    `again: ${command}`,
    `all logs: ${folder}`,
  ];
}
