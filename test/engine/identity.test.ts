import { expect, test } from "vitest";

import { clusterWith, type Rig, startRig } from "./rig";
import type { Happening } from "./rig/events";

const changes = [
  { key: "domain", value: "example.org", plain: true },
  { key: "location", value: "nbg1", plain: true },
  { key: "clusterSecret", value: "fedcba9876543210".repeat(4), plain: false },
];

test.for(changes)(
  "another $key is refused with one sentence, nothing is touched, the old one heals",
  async (change) => {
    const rig = await startRig({ from: await clusterWith({ nodes: 2 }), zones: ["example.com", "example.org"] });
    const putBack = rig.config.save();
    const seconds: number[] = [];
    await set(rig, change);
    for (const operate of [() => rig.pulumi.preview(), () => rig.pulumi.up()]) {
      const refused = await operate();
      expect(refused.status).not.toBe(0);
      // Once in the line of the program and once among the diagnostics.
      const sentences = new Set(refused.output.match(/error: .*cannot be changed.*/g));
      expect([...sentences]).toEqual([
        expect.stringMatching(`^error: ${change.key} cannot be changed on a running cluster`),
      ]);
      expect(refused.output).not.toMatch(/node_modules|at .*\.ts:\d+/);
      expect(refused.happenings.filter(isNoStash)).toEqual([]);
      seconds.push(refused.seconds);
    }
    putBack();
    const healed = await rig.pulumi.up();
    expect(healed).toMatchObject({ status: 0 });
    expect(healed.happenings.filter(isNoStash)).toEqual([]);
    // An error with the stack of a program in TypeScript keeps Node 20 busy for four times as long.
    expect(Math.max(...seconds)).toBeLessThan(2 * healed.seconds);
    expect(await rig.pulumi.up("--expect-no-changes")).toMatchObject({ status: 0 });
    expect([rig.cloud.writes, rig.commands.calls]).toEqual([[], []]);
  },
);

/** The stash that remembers the identity takes what it is given, and keeps what it was given first. */
function isNoStash({ type }: Happening): boolean {
  return type !== "pulumi:index:Stash";
}

async function set({ config, pulumi }: Rig, { key, value, plain }: (typeof changes)[number]): Promise<void> {
  if (plain) config.set({ [key]: value });
  else await pulumi.read("config", "set", "--secret", key, value);
}
