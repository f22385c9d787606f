import type { Cluster, ClusterNode } from "../checks/cluster";
import { UsageError } from "./command-line";

/** The argument of commands that act on nodes by name. */
export const nodesArg = { type: "positional", description: "names, such as bbb-02", several: true } as const;

/** The names in a list with commas. */
export function namesIn(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}

/** The nodes of these names, each once, in the order of the cluster; throws a sentence when there is none of a name. */
export function namedNodes({ nodes }: Pick<Cluster, "nodes">, names: readonly string[]): ClusterNode[] {
  const unknown = names.filter((name) => nodes.every((node) => node.name !== name));
  if (unknown.length > 0) {
    const all = nodes.map(({ name }) => name).join(", ");
    throw new UsageError(`there is no node ${unknown.join(", ")} in this stack; there are ${all}`);
  }
  return nodes.filter(({ name }) => names.includes(name));
}
