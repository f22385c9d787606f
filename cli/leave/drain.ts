import type { Cluster } from "../../checks/cluster";
import type { Progress } from "../terminal";
import type { Stack } from "./stack";

/**
 * Sees to it that the nodes are draining, from wherever an earlier run has left them; resolves to those that are still
 * there, and to a cluster in which they can be reached. Rejects with a sentence when they are not draining after all.
 */
export async function drain(
  stack: Stack,
  nodes: readonly string[],
  progress: Progress,
): Promise<{ cluster: Cluster; there: string[] }> {
  const [cluster, states, there] = await Promise.all([stack.cluster(), stack.states(), stack.has(nodes)]);
  refuseUnknown(nodes, states, there, cluster);
  for (const node of nodes.filter((name) => !there.includes(name))) progress.say(`${node}: is gone already`);
  if (there.length === 0) return { cluster, there };
  refuseLast(cluster, there);
  // One that was to be absent and is there all the same: the outputs do not tell how it is reached.
  const undrained = there.filter((node) => !isDraining(cluster, node));
  if (undrained.length === 0) return { cluster, there };
  for (const node of undrained) {
    if (states[node] !== "draining") await stack.setState(node, "draining");
  }
  progress.say(`pulumi up: ${undrained.join(", ")} will take no new meetings`);
  const isWell = await stack.up();
  const after = await stack.cluster();
  const failed = there.filter((node) => !isDraining(after, node));
  if (failed.length > 0) {
    throw new Error(`pulumi up did not close ${failed.join(", ")}; when it can: the same command goes on`);
  }
  if (!isWell) progress.say("pulumi up failed in something else; this goes on");
  return { cluster: after, there };
}

/** A name that was mistyped is not one that is gone. */
export function refuseUnknown(
  nodes: readonly string[],
  states: Record<string, string>,
  there: readonly string[],
  { nodes: all }: Cluster,
): void {
  const left = (node: string) => ["absent", "abandoned"].includes(states[node] ?? "");
  const unknown = nodes.filter((node) => !there.includes(node) && !left(node));
  if (unknown.length === 0) return;
  const names = all.map(({ name }) => name).join(", ");
  throw new Error(`there is no node ${unknown.join(", ")} in this stack; there are ${names}`);
}

/** Somebody has to take meetings. */
export function refuseLast({ nodes }: Cluster, leaving: readonly string[]): void {
  const staying = nodes.filter(({ name, standalone, draining }) => !standalone && !draining && !leaving.includes(name));
  if (staying.length > 0) return;
  throw new Error(
    `no other node would be open to new meetings than ${leaving.join(", ")}; nothing was changed: add nodes first, or ` +
      "pulumi destroy removes the cluster",
  );
}

/** One that is out of service (standalone) has nothing to be drained of. */
function isDraining({ nodes }: Cluster, node: string): boolean {
  return nodes.some(({ name, draining, standalone }) => name === node && (draining || standalone));
}
