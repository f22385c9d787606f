import { expect } from "vitest";

import type { Rig } from "../rig";
import { nameOf } from "./call";
import { type Change, carryOut, type Undisturbed } from "./changes";
import type { Run } from "./pulumi";

/** Errors of a run after a kill for which README has more than `pulumi up`: something was half made or half gone. */
const leftHalf = [
  /uniqueness_error|already (exists|used)/,
  /overlaps with another subnet/,
  /\bnot[_ ]found\b/,
  // The provider's deletion of a firewall that is gone.
  /Bridged provider panic.*:Firewall::.*method=Delete/,
];

/** What it took to bring a cluster to what is wanted. */
export interface Recovery {
  /** The runs that carried the change out, the last of which succeeded. */
  runs: Run[];
  /** What Pulumi did not know of what was made at Hetzner. */
  orphans: string[];
}

/** Does after a disturbed run what README tells: unlock, up; if that is not enough, recover, up. A state that was cut off comes first. */
export async function recover(rig: Rig, change: Change): Promise<Recovery> {
  rig.pulumi.restoreState();
  await rig.pulumi.cancel();
  const again = await carryOut(rig, change);
  if (again.status === 0) return { runs: [again], orphans: await endPending(rig).then(() => []) };
  expect(leftHalf.some((pattern) => pattern.test(again.output))).toBe(true);
  const { status, stdout, stderr } = await rig.pulumi.administer("recover", "--yes");
  expect([status, status === 0 ? "" : `${stderr}${stdout}`]).toEqual([0, ""]);
  const orphans = stdout.split("\n").filter((line) => /^(take|delete) /.test(line));
  const third = await carryOut(rig, change);
  expect(third).toMatchObject({ status: 0 });
  return { runs: [again, third], orphans };
}

/** Ends the warning of operations that were interrupted. */
async function endPending({ pulumi }: Rig): Promise<void> {
  if ((await pulumi.state()).pending.length === 0) return;
  expect(await pulumi.refresh("--clear-pending-creates")).toMatchObject({ status: 0 });
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
