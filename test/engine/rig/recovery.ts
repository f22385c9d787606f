import { expect } from "vitest";

import type { Rig } from "../rig";
import { nameOf } from "./call";
import { type Change, carryOut, type Undisturbed } from "./changes";
import type { Run } from "./pulumi";

/** Errors for which README has more than `pulumi up`: something was half made or half gone. */
const leftHalf = [
  /uniqueness_error|already (exists|used)|source_port_already_used/,
  /overlaps with another subnet/,
  /\bnot[_ ]found\b/,
  // The provider's deletion of a firewall that is gone.
  /Bridged provider panic.*:Firewall::.*method=Delete/,
];

/** What it took to bring a cluster to what is wanted. */
export interface Recovery {
  /** The run that carried the change out. */
  last: Run;
  /** What Pulumi did not know of what was made at Hetzner; undefined if nobody had to ask. */
  orphans: string[] | undefined;
}

/**
 * Does after a disturbed run what README tells, at most two commands: up, and recover before it if the run left the
 * state in the middle of something or ended in an error that says so. A state that was cut off, and a lock, come first.
 */
export async function recover(rig: Rig, change: Change, disturbed: Run): Promise<Recovery> {
  if (disturbed.status === 0) return { last: disturbed, orphans: undefined };
  const wasCutOff = rig.pulumi.restoreState();
  await rig.pulumi.cancel();
  const isHalf = leftHalf.some((pattern) => pattern.test(disturbed.output));
  const { pending } = await rig.pulumi.state();
  const orphans = wasCutOff || isHalf || pending.length > 0 ? await askCloud(rig) : undefined;
  const last = await carryOut(rig, change);
  expect(last).toMatchObject({ status: 0 });
  return { last, orphans };
}

async function askCloud({ pulumi }: Rig): Promise<string[]> {
  const { status, stdout, stderr } = await pulumi.administer("recover", "--yes");
  expect([status, status === 0 ? "" : `${stderr}${stdout}`]).toEqual([0, ""]);
  return stdout.split("\n").filter((line) => /^(take|delete) /.test(line));
}

/** What a test's report says of it. */
export function describeRecovery({ orphans }: Recovery): string {
  return orphans === undefined ? "" : `; recover: ${orphans.join(", ") || "nothing at Hetzner"}`;
}

/** The cluster is what is wanted, in Pulumi's view, at Hetzner and on the machines. */
export async function expectWanted(rig: Rig, change: Change, wanted: Undisturbed): Promise<void> {
  expect(rig.cloud.objects()).toEqual(wanted.objects);
  const state = await rig.pulumi.state();
  expect(state.pending).toEqual([]);
  if (change.destroys) expect(state.names()).toEqual([]);
  else expect(await rig.pulumi.preview("--expect-no-changes")).toMatchObject({ status: 0 });
  const carriedOut = rig.commands.calls.filter(({ done, stdin }) => done && stdin !== "");
  for (const [urn, call] of new Map(carriedOut.map((each) => [each.urn, each]))) {
    const known = state.resources.find((resource) => resource.urn === urn)?.inputs?.["stdin"];
    const last = call.operation === "delete" || change.destroys ? undefined : call.stdin;
    expect([nameOf(call), last]).toEqual([nameOf(call), known]);
  }
}
