import { defineCommand } from "citty";

import { ask } from "./ask";
import { connectHcloud, type Hcloud } from "./hcloud";
import { cancelRun, exportStack, previewStack } from "./pulumi";
import { type Caution, mendCloud, mendState, objections } from "./recover/act";
import {
  type Diagnosis,
  diagnose,
  type Findings,
  isAtHetzner,
  isElsewhere,
  isEmpty,
  isWell,
} from "./recover/diagnosis";
import { askHost } from "./recover/host-record";
import { type CloudObject, clusterIdsOf, goneOf, objectsOf, zonesOf } from "./recover/objects";
import { renderDiagnosis } from "./recover/report";
import { readState, readWanted } from "./recover/state";

/** `recover`: what a killed run has left half done is brought together again, so that `pulumi up` goes on. */
export const command = defineCommand({
  meta: {
    name: "recover --",
    description:
      "bring Pulumi's state and Hetzner together after a run that was killed\n\n" +
      "Objects that are there and wanted are taken into the state, those that are gone are forgotten, those that a\n" +
      "killed run made and nobody wants are deleted; its lock and its steps are ended. Shows all that first, and asks.\n" +
      "Only objects with this cluster's label are touched, and only if the plan or a killed run names them. A server or\n" +
      "an address is deleted when its name is typed, a server that was configured never. With an empty state it only\n" +
      "reports. Make sure that no other run of pulumi is going on.\n\n" +
      "Exit status: 0 nothing is left to do, 3 something is, 1 it could not be done.",
  },
  args: {
    yes: { type: "boolean", description: "do not ask" },
    delete: {
      type: "string",
      valueHint: "NAMES",
      description: "servers, addresses and volumes that may go, with commas",
    },
  },
  run: ({ args }) => recover(args.yes ?? false, (args.delete ?? "").split(",").filter(Boolean)),
});

async function recover(yes: boolean, deletable: readonly string[]): Promise<number> {
  const api = await connectHcloud();
  const findings = await look(api);
  const diagnosis = diagnose(findings);
  const lines = renderDiagnosis(diagnosis);
  if (isEmpty(findings.state)) return report(findings.objects);
  say(lines);
  if (isWell(diagnosis)) {
    say(["nothing to recover; if the stack is locked by a run that is dead: pulumi cancel"]);
    return 0;
  }
  if (!yes && !(await agreed())) {
    say(["nothing was done; `npm run recover -- --yes` does it without asking"]);
    return 3;
  }
  return mend(api, findings, diagnosis, deletable);
}

async function mend(api: Hcloud, findings: Findings, diagnosis: Diagnosis, deletable: readonly string[]) {
  const { state, wanted } = findings;
  const caution = { typed: typedName(deletable), hostRecord: askHost };
  // Before the killed run's steps are ended: without them nothing would name what it has left.
  const against = await objections(diagnosis.remove, state, caution);
  if (against.length > 0) {
    say([...against, "nothing was done"]);
    return 3;
  }
  await cancelRun();
  await mendCloud(api, diagnosis);
  await mendState(state, diagnosis, wanted);
  say(["done; go on with `pulumi up`"]);
  return 0;
}

/** Looks at the state, the plan and Hetzner; changes nothing. */
async function look(api: Hcloud): Promise<Findings> {
  const state = readState(await exportStack());
  const wanted = readWanted(await previewStack());
  const resources = [...state.resources, ...state.pending.map(({ resource }) => resource), ...wanted.values()];
  const ids = clusterIdsOf(resources);
  if (ids.length === 0) throw new Error("neither the state nor the plan names an object of a cluster");
  const objects = await objectsOf(api, ids, zonesOf(resources));
  const gone = await goneOf(api, state.resources.filter(isAtHetzner), objects);
  if (isElsewhere({ state, gone, objects })) {
    throw new Error(
      "nothing that Pulumi knows is in this project at Hetzner: is hcloud:token another project's? " +
        "If all of it was deleted by hand: pulumi refresh --clear-pending-creates, then pulumi up",
    );
  }
  return { state, wanted, objects, gone };
}

function report(objects: readonly CloudObject[]): number {
  say([
    ...objects.map(({ title, id }) => `${title} (${id}) has this cluster's label`),
    objects.length === 0
      ? "the state is empty, and so is the cluster at Hetzner"
      : "the state is empty: nothing is done. If there was one, restore it (pulumi stack import); or delete these yourself",
  ]);
  return objects.length === 0 ? 0 : 3;
}

function typedName(deletable: readonly string[]): Caution["typed"] {
  return async ({ title, name }) =>
    deletable.includes(name) || (await ask(`to delete ${title} for good, type its name: `)) === name;
}

async function agreed(): Promise<boolean> {
  return /^y(es)?$/i.test((await ask("do this? [y/N] ")) ?? "");
}

function say(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
