import type { Occupancy } from "../../checks/occupancy";
import type { Progress } from "../terminal";
import { type Clock, minute } from "../walk/clock";
import { ownOccupancyOn, type Reach } from "../walk/cordon-on";
import type { Stack } from "./stack";

/** What it takes to wait for nodes and to remove them; times in milliseconds. */
export interface Removal {
  stack: Stack;
  reach: Reach;
  clock: Clock;
  progress: Progress;
  patience: number;
  poll: number;
}

/** The server is gone, but perhaps not all that belongs to it: nothing else would say so where nobody reads on. */
export const elsewhere = "pulumi up failed in something else; when it can: pulumi up";

/** A removal that was refused, as when recordings are not handed over yet, is not tried again before. */
const againMilliseconds = 2 * minute;

/** Removes each draining node when it is empty; resolves to those that are left when the time is up. */
export async function removeWhenEmpty(removal: Removal, nodes: readonly string[]): Promise<string[]> {
  const { clock, patience, poll, progress } = removal;
  const deadline = clock.now() + patience;
  const notBefore = new Map<string, number>();
  let left = [...nodes];
  for (;;) {
    const answers = new Map(
      await Promise.all(left.map(async (node) => [node, await ask(removal.reach, node)] as const)),
    );
    const isDue = (node: string) => clock.now() >= (notBefore.get(node) ?? 0);
    const empty = left.filter((node) => isFree(answers.get(node)) && isDue(node));
    if (empty.length > 0) {
      const refused = await remove(removal, empty);
      for (const node of refused) notBefore.set(node, clock.now() + againMilliseconds);
      left = left.filter((node) => !empty.includes(node) || refused.includes(node));
    }
    if (left.length === 0 || clock.now() >= deadline) return left;
    progress.wait(`waits for ${left.map((node) => `${node} (${describe(answers.get(node))})`).join(", ")}`);
    await clock.sleep(poll);
  }
}

/** Silence is no emptiness. */
function ask(reach: Reach, node: string): Promise<Occupancy | null> {
  return ownOccupancyOn(reach, node).catch(() => null);
}

/** Nobody is on it, and nothing would be lost with it. */
function isFree(answer: Occupancy | null | undefined): boolean {
  return answer?.empty === true && answer.recordings.obstacle === "";
}

function describe(answer: Occupancy | null | undefined): string {
  if (!answer) return "cannot be asked: power it on; if it is dead, save its disk in a snapshot, then --abandon";
  if (!answer.empty) return answer.obstacle;
  const { obstacle, findings } = answer.recordings;
  return obstacle === "" ? "empty, but was not let go" : [obstacle, ...findings].join("; ");
}

/** Resolves to those that are still there: they are draining, as before. */
async function remove({ stack, progress }: Removal, nodes: readonly string[]): Promise<string[]> {
  progress.say(`pulumi up: ${nodes.join(", ")} ${nodes.length === 1 ? "is" : "are"} empty, and removed`);
  for (const node of nodes) await stack.setState(node, "absent");
  // One that was out of service (standalone) was never draining.
  await stack.unprotect(nodes);
  const isWell = await stack.up();
  const refused = await stack.has(nodes);
  if (!isWell && refused.length === 0) progress.say(elsewhere);
  for (const node of refused) await stack.setState(node, "draining");
  for (const node of nodes) progress.say(`${node}: ${refused.includes(node) ? "could not be removed" : "gone"}`);
  return refused;
}
