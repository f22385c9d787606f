import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { balancerName, storageBox } from "../fabric/addresses";
import type { Settings } from "../fabric/settings";
import type { Pulumi } from "./pulumi";

/** Who can be told of nodes in a lab. */
export const loadBalancerKinds = ["none", "scalelite", "bbblb"] as const;
export type LoadBalancerKind = (typeof loadBalancerKinds)[number];

/** What a choice sets: plain values and secrets, by key. */
export interface LoadBalancerValues {
  plain: [key: string, value: string][];
  secret: Record<string, string>;
}

/** What is wanted; undefined: what the stack has, and where that is nothing yet, the first. */
export interface LoadBalancerChoice {
  wanted: LoadBalancerKind | undefined;
  first?: LoadBalancerKind | undefined;
}

/** The values of a choice. */
export async function chooseLoadBalancer(
  settings: Settings,
  pulumi: Pick<Pulumi, "read">,
  { wanted, first = "none" }: LoadBalancerChoice,
  stackFile: string,
): Promise<LoadBalancerValues> {
  const before = kindIn(readFileSync(stackFile, "utf8"));
  const kind = wanted ?? before ?? first;
  if (kind === before) return { plain: [], secret: {} };
  // A part of another kind is refused.
  for (const key of before === undefined ? [] : keysOf[before])
    await pulumi.read("config", "rm", key, "--non-interactive");
  return valuesOf(kind, settings);
}

/** What goes with a kind that is given up. */
const keysOf: Readonly<Record<LoadBalancerKind, readonly string[]>> = {
  none: ["loadBalancer"],
  scalelite: ["loadBalancer", "loadBalancerSecret"],
  bbblb: ["loadBalancer", "tenants", "backup"],
};

function valuesOf(kind: LoadBalancerKind, { domain, loadBalancerSecret }: Settings): LoadBalancerValues {
  const chosen: [string, string] = ["loadBalancer.kind", kind];
  if (kind === "scalelite") {
    return {
      plain: [chosen, ["loadBalancer.url", `https://${balancerName(domain)}`]],
      secret: { loadBalancerSecret },
    };
  }
  const tenants = ["moodle", "greenlight"].flatMap<[string, string]>((name, index) => [
    [`tenants[${index}].name`, name],
    [`tenants[${index}].host`, `${name}.${domain}`],
  ]);
  const repository = `sftp://${storageBox.user}@storage-box.lab.test:${storageBox.port}/bbb`;
  const own: [string, string][] = [...tenants, ["backup.repository", repository]];
  return { plain: [chosen, ...(kind === "bbblb" ? own : [])], secret: {} };
}

function kindIn(yaml: string): LoadBalancerKind | undefined {
  const { config } = (parse(yaml) ?? {}) as { config?: Record<string, { kind?: LoadBalancerKind }> };
  return config?.["bbb-cluster:loadBalancer"]?.kind;
}
