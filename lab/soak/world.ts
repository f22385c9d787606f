import { setTimeout as delay } from "node:timers/promises";

import type { Administrator } from "./administrator";
import type { Collector } from "./collector";
import type { Fault } from "./evidence";
import { lookAtBalancer } from "./look";

/** What operations act on. */
export interface World {
  administrator: Administrator;
  collector: Collector;
  domain: string;
  /** The release that the cluster is upgraded to. */
  newest: string;
  /** What is done on purpose and takes its toll, noted by the operations. */
  faults: Fault[];
  say(line: string): void;
}

export const up = "pulumi up --yes --skip-preview --non-interactive --suppress-outputs";
/** No lesson lasts longer than a minute: what waits for some of them, and installs nodes meanwhile, is over by then. */
export const longSeconds = 1800;
/** The proxy writes its log of requests every five seconds; when it is deleted, so are those that it has not written. */
export const logSeconds = 6;

/** The command that gives a machine another server. */
export function replaceServer(machine: string): string {
  return `${up} --continue-on-error=false --replace "$(pulumi stack --show-urns | grep -o 'urn:.*::${machine}-server' | head -n 1)"`;
}

/** Waits until something is so; throws with what was seen last. */
export async function eventually(
  what: string,
  seconds: number,
  look: () => Promise<string | undefined>,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const wrong = await look().catch((error: Error) => error.message);
    if (wrong === undefined) return;
    if (Date.now() > end) throw new Error(`not so after ${seconds} s: ${what}; last: ${wrong}`);
    await delay(1000);
  }
}

/** A row of `npm run status`. */
export interface Row {
  name: string;
  meetings: string;
  pending: string;
  cordons: string;
}

/** What `status` shows of the nodes. */
export async function shown({ administrator }: World): Promise<Row[]> {
  const printed = await administrator.run("npm run -s status -- --json 2>/dev/null");
  return (JSON.parse(printed) as Row[]).filter(({ name }) => /^bbb-\d+$/.test(name));
}

/** The cluster is what the configuration says: nothing is left to be done, and the balancer has its nodes, open. */
export async function converged(world: World, nodes: readonly string[]): Promise<void> {
  const { administrator } = world;
  await administrator.run("pulumi preview --expect-no-changes --non-interactive --suppress-outputs");
  const wanted = JSON.stringify(nodes.toSorted().map((node) => ({ node, enabled: true })));
  await eventually(`the balancer has ${nodes.join(", ")}, open`, 120, async () => {
    const listed = JSON.stringify((await lookAtBalancer(administrator)).nodes);
    return listed === wanted ? undefined : listed;
  });
}
