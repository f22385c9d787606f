import { parseArgs } from "node:util";
import { withLock } from "../fabric/lock";
import { startLab } from "../fabric/start";
import type { Lab } from "../paths";
import { bringUp } from "../stack/bring-up";
import type { Choices } from "../stack/configuration";
import { type Command, UsageError } from "./command";

const options = {
  nodes: { type: "string" },
  release: { type: "string" },
  "cloud-only": { type: "boolean" },
} as const;

/** `up`: the cloud and the cluster in it, or the cluster changed to other values; running it again converges. */
export const command: Command = {
  name: "up",
  summary: "bring the cluster up, or to other values",
  usage: "up [--nodes N] [--release R] [--cloud-only]",
  async run(args, lab) {
    const { "cloud-only": cloudOnly, ...choices } = readOptions(args);
    return await withLock(lab, "up", progress, () =>
      cloudOnly ? startCloudOnly(lab) : bringUp(lab, choices, progress),
    );
  },
};

/** Reads the options of `up`; throws UsageError. */
export function readOptions(args: string[]): Choices & { "cloud-only"?: boolean | undefined } {
  try {
    return { ...parseArgs({ args, options }).values };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Tells the user what is going on, without mixing it into a result. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function startCloudOnly(lab: Lab): Promise<number> {
  await startLab(lab, progress);
  return 0;
}
