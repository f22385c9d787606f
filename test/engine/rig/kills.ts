import { expect, test } from "vitest";

import type { Rig } from "../rig";
import { type Change, carryOut, rigBefore, type Undisturbed, undisturbed } from "./changes";
import type { Run } from "./pulumi";
import { describeRecovery, expectWanted, recover } from "./recovery";
import { Seed } from "./seed";

/** What a run is killed at. */
export type Point = "an API request" | "a command";

const { ENGINE_KILLS = "1" } = process.env;

/** Tests that kill changes at any request or command: so many times each, spread over all of it. */
export function testKills(kind: Point, given: readonly [change: Change, times: number][]): void {
  const seed = Seed.ofEnvironment();
  console.log(`ENGINE_SEED=${seed.value} repeats these kills at ${kind}; ENGINE_KILLS=N makes N times as many`);
  const cases = given.flatMap(([change, times]) => {
    const parts = times * Number(ENGINE_KILLS);
    return Array.from({ length: parts }, (_, part) => ({ change, part, parts, title: change.title, nth: part + 1 }));
  });
  test.for(cases)(
    `killed at ${kind} while $title ($nth of $parts), at most two commands bring what is wanted`,
    async ({ change, part, parts }, { annotate }) => {
      const wanted = await undisturbed(change);
      const numbers = seed.for(`${kind} ${change.title} ${part}`);
      let last = kind === "a command" ? wanted.calls : wanted.requests;
      for (; last > 0; last = Math.floor(last / 2)) {
        const rig = await rigBefore(change);
        const servers = new Map(rig.cloud.store.servers.all().map(({ id, name }) => [name, id]));
        const n = numbers.within(part, parts, last);
        const { run, point } = await killed(rig, change, kind, n, numbers.coin() ? "before" : "after");
        // It needed fewer requests than the undisturbed one: another one is killed earlier.
        if (point === undefined) continue;
        const recovery = await recover(rig, change, run);
        const touched = recovery.last.happenings.map(({ name }) => name);
        expect(touched.filter((name) => !wanted.touched.includes(name))).toEqual([]);
        await expectWanted(rig, change, wanted);
        expectServersKept(rig, servers, wanted);
        await annotate(`killed ${point}${describeRecovery(recovery)}`);
        return;
      }
      throw new Error("no run was killed");
    },
  );
}

/** Kills a run at a point; that is undefined if the run did not get there. */
async function killed(rig: Rig, change: Change, kind: Point, n: number, when: "before" | "after") {
  const { trap } = kind === "a command" ? rig.commands : rig.cloud;
  trap.set(n, when, () => rig.pulumi.kill());
  const run: Run = await carryOut(rig, change);
  if (!trap.sprung) return { run };
  await rig.cloud.settled();
  const { method, path } = rig.cloud.requests.at(-1) ?? {};
  const at = kind === "a command" ? rig.commands.calls.at(-1)?.urn.split("::").at(-1) : `${method} ${path}`;
  return { run, point: `${when} ${kind}, ${n} (${at})` };
}

/** A server that stays is never made anew. */
function expectServersKept({ cloud }: Rig, before: Map<string, number>, { objects }: Undisturbed): void {
  for (const [name, id] of before) {
    if (objects.includes(`server ${name}`)) expect(cloud.store.servers.get(id)?.name).toBe(name);
  }
}
