import { expect, test } from "vitest";

import type { Rig } from "./rig";
import { type Change, carryOut, changes, rigBefore, type Undisturbed, undisturbed } from "./rig/changes";
import { expectWanted, recover } from "./rig/recovery";
import { Seed } from "./rig/seed";

const { ENGINE_KILLS = "1" } = process.env;
const seed = Seed.ofEnvironment();
console.log(`ENGINE_SEED=${seed.value} repeats these kills; ENGINE_KILLS=${ENGINE_KILLS} of each kind`);

const cases = [
  { kind: "API request", change: changes.create },
  { kind: "API request", change: changes.grow },
  { kind: "API request", change: changes.shrink },
  { kind: "API request", change: changes.destroy },
  { kind: "command", change: changes.create },
  { kind: "command", change: changes.grow },
  { kind: "command", change: changes.set },
  { kind: "command", change: changes.shrink },
].flatMap((each) => Array.from({ length: Number(ENGINE_KILLS) }, (_, index) => ({ ...each, index, ...each.change })));

test.for(cases)(
  "killed at any $kind while $title, a cluster becomes what is wanted ($index)",
  async (given, context) => {
    const { change, kind, index } = given;
    const wanted = await undisturbed(change);
    const numbers = seed.for(`${kind} ${change.title} ${index}`);
    // A run may need fewer requests than the undisturbed one: then it is killed earlier.
    for (let last = kind === "command" ? wanted.calls : wanted.requests; last > 0; last = Math.floor(last / 2)) {
      const rig = await rigBefore(change);
      const servers = new Map(rig.cloud.store.servers.all().map(({ id, name }) => [name, id]));
      const point = await killed(rig, change, kind, numbers.upTo(last), numbers.coin() ? "before" : "after");
      if (point === undefined) continue;
      const { runs, orphans } = await recover(rig, change);
      const touched = runs.flatMap(({ happenings }) => happenings.map(({ name }) => name));
      expect(touched.filter((name) => !wanted.touched.has(name))).toEqual([]);
      await expectWanted(rig, change, wanted);
      expectServersKept(rig, servers, wanted);
      const more = runs.length > 1 ? `; up alone was not enough, orphans: ${orphans.join(", ") || "none"}` : "";
      await context.annotate(`killed ${point}${more}`);
      return;
    }
    throw new Error("no run was killed");
  },
);

/** Kills a run at a point; undefined if it did not get there. */
async function killed(rig: Rig, change: Change, kind: string, n: number, when: "before" | "after") {
  const { trap } = kind === "command" ? rig.commands : rig.cloud;
  trap.set(n, when, () => rig.pulumi.kill());
  await carryOut(rig, change);
  if (!trap.sprung) return undefined;
  await rig.cloud.settled();
  const { method, path } = rig.cloud.requests.at(-1) ?? {};
  const at = kind === "command" ? rig.commands.calls.at(-1)?.urn.split("::").at(-1) : `${method} ${path}`;
  return `${when} ${kind} ${n} (${at})`;
}

/** A server that stays is never made anew. */
function expectServersKept({ cloud }: Rig, before: Map<string, number>, { objects }: Undisturbed): void {
  for (const [name, id] of before) {
    if (objects.includes(`server ${name}`)) expect(cloud.store.servers.get(id)?.name).toBe(name);
  }
}
