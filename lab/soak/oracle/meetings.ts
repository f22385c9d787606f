import { verifyPrefix } from "../../../checks/bbb-api";
import type { Asked, Evidence, Finding } from "../evidence";
import { faultBehind, type Life, livesOf } from "./lives";

/** The balancer asks its nodes every few seconds, and tells a node then what that did not hear. */
const unheardMilliseconds = 60_000;

/** Meetings that ended although their frontend had not said so. */
export function endedByUs({ told, asked, faults, journal }: Evidence): Finding[] {
  // Those by which the cluster is verified end themselves.
  const over = livesOf(told).filter(({ how, room }) => how !== "running" && !room.startsWith(verifyPrefix));
  return over
    .filter((life) => !isEndAsked(life, asked))
    .map((life) => ({
      law: "meetings ended by us",
      what: `${life.room} on ${life.node} ${life.how === "cut" ? "went away with it" : "was ended"}, and nobody had asked for it`,
      proof: proofOf(life, journal),
      ...(faultBehind(life, faults) ? { excused: true } : {}),
    }));
}

/**
 * Rooms that were open on two machines at once, or run where the balancer does not know them: the next create splits them.
 * Nobody is apart where one of the two was never entered, because its node was not heard when it took the create, or where
 * the first was to be over, because its node did not hear of that at once, and nobody is let into it any more.
 */
export function split({ told, asked, faults, balancer, journal }: Evidence): Finding[] {
  const lives = livesOf(told).map((life) => ({ ...life, to: faultBehind(life, faults)?.from ?? life.to }));
  const pairs = lives.flatMap((life, index) =>
    lives
      .slice(index + 1)
      .filter((other) => areSplit(life, other))
      .map((other) => [life, other] as const),
  );
  const lost = lives.filter((life) => life.how === "running" && !isEndAsked(life, asked) && !isKnown(life, balancer));
  return [
    ...pairs.map(([life, other]) => ({
      law: "rooms split" as const,
      what: `${life.room} was open on ${life.node} and on ${other.node} at once`,
      proof: [...proofOf(life, journal), ...proofOf(other, journal)],
      ...(isNobodyApart(life, other, asked) ? { excused: true } : {}),
    })),
    ...lost.map((life) => ({
      law: "rooms split" as const,
      what: `${life.room} runs on ${life.node}, and the balancer does not know it there`,
      proof: proofOf(life, journal),
    })),
  ];
}

/** Recordings that are neither at the balancer nor on a node that there is. */
export function recordingsLost({ told, balancer, journal, onNodes }: Evidence): Finding[] {
  const kept = new Set([...balancer.recordings, ...onNodes]);
  return livesOf(told)
    .filter(({ recorded, how, meeting }) => recorded && how !== "running" && !kept.has(meeting))
    .map((life) => ({
      law: "recordings lost",
      what: `${life.meeting} of ${life.room}, recorded on ${life.node}`,
      proof: proofOf(life, journal),
    }));
}

/** How many meetings were recorded and are over. */
export function recordedMeetings({ told }: Evidence): number {
  return livesOf(told).filter(({ recorded, how }) => recorded && how !== "running").length;
}

/** What the node's log says of it, and the balancer's journal. */
function proofOf({ proof, meeting }: Life, journal: readonly string[]): string[] {
  return [...proof, ...journal.filter((line) => line.includes(meeting)).map((line) => `bbb-lb: ${line}`)];
}

function areSplit(life: Life, other: Life): boolean {
  const overlap = life.from < other.to && other.from < life.to;
  return life.room === other.room && life.machine !== other.machine && overlap;
}

function isNobodyApart(life: Life, other: Life, asked: readonly Asked[]): boolean {
  const [first, second] = life.from < other.from ? [life, other] : [other, life];
  if (first.lastIn === undefined || second.lastIn === undefined) return true;
  const isOver = first.to <= second.from + unheardMilliseconds && first.lastIn <= second.from;
  return isOver && isEndAsked({ ...first, to: second.from }, asked);
}

function isEndAsked({ room, from, to }: Life, asked: readonly Asked[]): boolean {
  return asked.some((each) => each.what === "end" && each.room === room && from <= each.at && each.at <= to);
}

function isKnown({ room, node }: Life, { meetings }: Evidence["balancer"]): boolean {
  return meetings.some((meeting) => meeting.room === room && meeting.node === node);
}
