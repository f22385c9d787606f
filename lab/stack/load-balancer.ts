import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { balancerName } from "../fabric/addresses";
import type { Settings } from "../fabric/settings";
import type { Pulumi } from "./pulumi";

/** Who can be told of nodes in a lab. */
export const loadBalancerKinds = ["none", "scalelite"] as const;
export type LoadBalancerKind = (typeof loadBalancerKinds)[number];

/** What a choice sets: plain values and secrets, by key. */
export interface LoadBalancerValues {
  plain: [key: string, value: string][];
  secret: Record<string, string>;
}

/** The values of a choice; without one what the stack has stays, and a new one has none. */
export async function chooseLoadBalancer(
  settings: Settings,
  pulumi: Pick<Pulumi, "read">,
  choice: LoadBalancerKind | undefined,
  stackFile: string,
): Promise<LoadBalancerValues> {
  const before = kindIn(readFileSync(stackFile, "utf8"));
  const kind = choice ?? before ?? "none";
  if (kind === before) return { plain: [], secret: {} };
  // A part of another kind is refused.
  const leftOvers =
    before === undefined ? [] : ["loadBalancer", ...(before === "scalelite" ? ["loadBalancerSecret"] : [])];
  for (const key of leftOvers) await pulumi.read("config", "rm", key, "--non-interactive");
  return valuesOf(kind, settings);
}

function valuesOf(kind: LoadBalancerKind, { domain, loadBalancerSecret }: Settings): LoadBalancerValues {
  if (kind === "none") return { plain: [["loadBalancer.kind", "none"]], secret: {} };
  const url = `https://${balancerName(domain)}`;
  return {
    plain: [
      ["loadBalancer.kind", "scalelite"],
      ["loadBalancer.url", url],
    ],
    secret: { loadBalancerSecret },
  };
}

function kindIn(yaml: string): LoadBalancerKind | undefined {
  const { config } = (parse(yaml) ?? {}) as { config?: Record<string, { kind?: LoadBalancerKind }> };
  return config?.["bbb-cluster:loadBalancer"]?.kind;
}
