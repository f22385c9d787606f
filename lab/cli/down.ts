import { defineCommand } from "citty";

import { withLock } from "../fabric/lock";
import { removeLab } from "../fabric/start";
import { labArgs, labOf } from "./command";

/** `down`: stops the lab and removes everything of it. */
export const command = defineCommand({
  meta: { name: "down", description: "stop and remove everything" },
  args: labArgs,
  async run({ args }) {
    const lab = labOf(args);
    const say = (line: string) => process.stderr.write(`${line}\n`);
    await withLock(lab, "down", say, () => removeLab(lab));
    process.stdout.write(`the lab "${lab.name}" is gone\n`);
    return 0;
  },
});
