import type { PlanConfig } from "../config/keys";

/** A node that exists: in service, about to leave, or out of the cluster. */
export type NodeState = "present" | "draining" | "standalone";

/** What becomes of a node: those that exist, and those that go, when they are empty or without being asked. */
export function stateOf(node: string, { nodeSettings }: PlanConfig): NodeState | "absent" | "abandoned" {
  return nodeSettings[node]?.state ?? "present";
}

/** Whether a node that exists takes new meetings, or finishes the running ones. */
export function serviceState(node: string, config: PlanConfig): "present" | "draining" {
  return stateOf(node, config) === "draining" ? "draining" : "present";
}
