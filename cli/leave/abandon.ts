import { withReach } from "../ssh";
import type { Progress } from "../terminal";
import { ownOccupancyOn } from "../walk/cordon-on";
import { refuseLast, refuseUnknown } from "./drain";
import { elsewhere } from "./remove";
import type { Stack } from "./stack";

/** Removes dead nodes without asking them, once that was agreed to; resolves to the exit status. */
export async function abandon(
  stack: Stack,
  nodes: readonly string[],
  progress: Progress,
  { sshConfig, agreed }: { sshConfig: string | undefined; agreed: (question: string) => Promise<boolean> },
): Promise<number> {
  const [cluster, states, there] = await Promise.all([stack.cluster(), stack.states(), stack.has(nodes)]);
  refuseUnknown(nodes, states, there, cluster);
  for (const node of nodes.filter((name) => !there.includes(name))) progress.say(`${node}: is gone already`);
  if (there.length === 0) return 0;
  refuseLast(cluster, there);
  const asked = await withReach(cluster, sshConfig, (reach) =>
    Promise.all(there.map((node) => ownOccupancyOn(reach, node).catch(() => null))),
  );
  for (const [index, node] of there.entries()) {
    const answer = asked[index];
    if (answer && !answer.empty)
      throw new Error(`${node} is not dead, it has ${answer.obstacle}; leave without --abandon`);
  }
  const what = `${there.join(", ")} and every recording that is not handed over yet`;
  if (!(await agreed(`remove ${what}, without asking the machine? [y/N] `))) {
    progress.say("nothing was done; with --yes it is not asked");
    return 3;
  }
  for (const node of there) await stack.setState(node, "abandoned");
  await stack.unprotect(there);
  progress.say(`pulumi up: ${there.join(", ")} is given up`);
  const isWell = await stack.up();
  const left = await stack.has(there);
  if (!isWell && left.length === 0) progress.say(elsewhere);
  for (const node of there) progress.say(`${node}: ${left.includes(node) ? "could not be removed" : "gone"}`);
  return left.length === 0 ? 0 : 1;
}
