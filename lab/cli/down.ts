import { withLock } from "../fabric/lock";
import { removeLab } from "../fabric/start";
import { type Command, UsageError } from "./command";

/** `down`: stops the lab and removes everything of it. */
export const command: Command = {
  name: "down",
  summary: "stop and remove everything",
  usage: "down [--lab NAME]",
  async run(args, lab) {
    if (args.length > 0) throw new UsageError(`down takes no arguments, got ${args.join(" ")}`);
    await withLock(
      lab,
      "down",
      (line) => process.stderr.write(`${line}\n`),
      () => removeLab(lab),
    );
    process.stdout.write(`the lab "${lab.name}" is gone\n`);
    return 0;
  },
};
