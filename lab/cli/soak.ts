import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { defineCommand } from "citty";

import { UsageError } from "../../cli/command-line";
import { withLock } from "../fabric/lock";
import { readSettings } from "../fabric/settings";
import { removeLab } from "../fabric/start";
import { labNamed } from "../paths";
import { isWell, renderSoak } from "../soak/report";
import { drawSequence, type Kind, readKinds } from "../soak/sequence";
import { soak } from "../soak/soak";
import { openLog } from "../stack/log";
import { labArgs } from "./command";

const artefacts = resolve(__dirname, "..", "..", "test-results", "soak");
const nodes = 3;

/** `soak`: a school meets in a new lab while its cluster is operated at random; the logs of all machines judge. */
export const command = defineCommand({
  meta: {
    name: "soak",
    description:
      "a term in an hour: operate a new lab's cluster at random while people meet\n\n" +
      "Exit status: 0 no meeting, room, recording, join or request was lost and the cluster is as configured, 1 otherwise.",
  },
  args: {
    ...labArgs,
    operations: { type: "string", valueHint: "N", description: "how many operations (default: 20)" },
    sequence: { type: "string", valueHint: "KINDS", description: "these operations instead, with commas" },
    seed: { type: "string", valueHint: "S", description: "what they follow from, any word (default: a new one)" },
    keep: { type: "boolean", description: "leave the lab as it is in the end" },
  },
  async run({ args }) {
    const lab = labNamed(args.lab ?? (process.env["LAB"] || "soak"));
    const { wanted, seed, command } = readSoak(args);
    if ((await readSettings(lab)) !== undefined) {
      throw new Error(
        `there is a lab "${lab.name}", and a soak needs a new one; run: npm run lab -- down --lab ${lab.name}`,
      );
    }
    const operations = drawSequence(seed, wanted, nodes);
    const folder = resolve(artefacts, seed);
    const started = performance.now();
    const log = openLog(lab);
    log.line(`${command}; all logs: ${folder}`);
    try {
      const course = await withLock(lab, "soak", log.line, () => soak(lab, { seed, operations, nodes, folder }, log));
      const seconds = (performance.now() - started) / 1000;
      log.clear();
      process.stdout.write(`${renderSoak({ ...course, seed, seconds, command, folder })}\n`);
      return isWell(course) ? 0 : 1;
    } finally {
      if (!args.keep) await withLock(lab, "down", log.line, () => removeLab(lab));
    }
  },
});

/** What was asked for; throws a UsageError that names what is wrong. */
export function readSoak({
  operations,
  sequence,
  seed = randomBytes(4).toString("hex"),
}: {
  operations?: string | undefined;
  sequence?: string | undefined;
  seed?: string | undefined;
}): { wanted: number | Kind[]; seed: string; command: string } {
  if (operations !== undefined && sequence !== undefined)
    throw new UsageError("--operations and --sequence exclude each other");
  if (!/^[\w.-]{1,64}$/.test(seed))
    throw new UsageError(`--seed is a word of up to 64 letters and digits, got "${seed}"`);
  if (operations !== undefined && !/^[1-9]\d{0,3}$/.test(operations)) {
    throw new UsageError(`--operations must be a number from 1 to 9999, got "${operations}"`);
  }
  const count = operations ?? "20";
  const what = sequence === undefined ? `--operations ${count}` : `--sequence ${sequence}`;
  return {
    wanted: sequence === undefined ? Number(count) : kindsIn(sequence),
    seed,
    command: `npm run soak -- ${what} --seed ${seed}`,
  };
}

function kindsIn(sequence: string): Kind[] {
  try {
    return readKinds(sequence);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
