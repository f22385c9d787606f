import type { Evidence, Finding } from "../evidence";
import { livesOf } from "./lives";
import { endedByUs, recordedMeetings, recordingsLost, split } from "./meetings";
import { balancersList, orphans } from "./remains";
import { failedFetches, failedJoins } from "./requests";

/** What was found, and of how much. */
export interface Verdict {
  findings: Finding[];
  seen: { meetings: number; recorded: number; joins: number; fetches: number };
}

/** Judges by the logs and lists of others; the generator says only what it asked for. */
export function judge(evidence: Evidence): Verdict {
  const people = new Set(evidence.asked.flatMap((each) => (each.what === "join" ? [each.person] : [])));
  return {
    findings: [endedByUs, split, recordingsLost, failedJoins, failedFetches, balancersList, orphans].flatMap((law) =>
      law(evidence),
    ),
    seen: {
      meetings: livesOf(evidence.told).length,
      recorded: recordedMeetings(evidence),
      joins: people.size,
      fetches: evidence.asked.filter(({ what }) => what === "fetch").length,
    },
  };
}
