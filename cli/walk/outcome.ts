import type { Holder } from "../../checks/occupancy";
import { canClose, isAlone, isCandidate, isOthers, isOurs, type Seen } from "./planner";

/** How a walk ended; names, with the reason in a few words. */
export interface Outcome {
  done: string[];
  failed: { node: string; reason: string }[];
  /** Closed by hand or by the configuration, with something that waits. */
  skipped: { node: string; by: Holder[] }[];
  lost: string[];
  left: { node: string; reason: string }[];
}

/** What became of the nodes, as they were seen last; `obstacleOf` says who is on one. */
export function outcomeOf(
  seen: readonly Seen[],
  { done, failed }: Pick<Outcome, "done" | "failed">,
  obstacleOf: (node: string) => string,
): Outcome {
  const open = seen.filter(({ name, wanted }) => wanted && failed.every(({ node }) => node !== name));
  const left = open.filter((node) => node.answer !== null && !isOthers(node));
  return {
    ...{ done, failed },
    skipped: open.filter(isOthers).map(({ name, answer }) => ({ node: name, by: [...(answer?.cordons ?? [])] })),
    lost: open.filter(({ answer }) => answer === null).map(({ name }) => name),
    left: left.map((node) => ({ node: node.name, reason: reasonFor(seen, node) || obstacleOf(node.name) })),
  };
}

function reasonFor(seen: readonly Seen[], node: Seen): string {
  if (isAlone(seen, node) || canClose(seen, node)) return node.answer?.empty ? "its turn had not come" : "";
  return canClose(seen, node, 0)
    ? "the other nodes have no room for the people that there are"
    : "no other node is open to new meetings";
}

/** Whether nothing is left that time alone could bring. */
export function isFinished(seen: readonly Seen[]): boolean {
  if (seen.some((node) => isOurs(node) || (node.answer === null && !node.lost))) return false;
  return seen.filter(isCandidate).every((node) => !isAlone(seen, node) && !canClose(seen, node, 0));
}

/** What a walk waits for, in a line. */
export function describeWaiting(seen: readonly Seen[], obstacleOf: (node: string) => string): string {
  const closed = seen.filter(isOurs).map(({ name }) => `${name} (${obstacleOf(name) || "empty"})`);
  const silent = seen.filter(({ answer, acting }) => answer === null && !acting).map(({ name }) => name);
  const queued = seen.filter((node) => isCandidate(node) && !isOurs(node)).length;
  return [
    ...(closed.length > 0 ? [`waits for ${closed.join(", ")}`] : []),
    ...(queued > 0 ? [`${queued} more to come`] : []),
    ...(silent.length > 0 ? [`${silent.join(", ")} cannot be asked`] : []),
  ].join("; ");
}
