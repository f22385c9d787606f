import type { PlanConfig } from "../config/keys";

/** A node that exists: in service, about to leave, or out of the cluster. */
export type NodeState = "present" | "draining" | "standalone";

/** What becomes of a node: those that exist, and those that go, when they are empty or without being asked. */
export function stateOf(node: string, { nodeSettings }: PlanConfig): NodeState | "absent" | "abandoned" {
  return nodeSettings[node]?.state ?? "present";
}
