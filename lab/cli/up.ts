import { defineCommand } from "citty";

import { withLock } from "../fabric/lock";
import { startLab } from "../fabric/start";
import { bringUp } from "../stack/bring-up";
import { openLog } from "../stack/log";
import { labArgs, labOf } from "./command";

/** `up`: the cloud and the cluster in it, or the cluster changed to other values; running it again converges. */
export const command = defineCommand({
  meta: { name: "up", description: "start the cloud and bring the cluster up in it, or to other values" },
  args: {
    ...labArgs,
    nodes: { type: "string", valueHint: "N", description: "how many nodes" },
    release: { type: "string", valueHint: "R", description: "which release of BigBlueButton" },
    "cloud-only": { type: "boolean", description: "start the cloud, without a cluster" },
  },
  async run({ args }) {
    const lab = labOf(args);
    const log = openLog(lab);
    const { nodes, release } = args;
    const status = await withLock(lab, "up", log.line, () =>
      args["cloud-only"] ? startLab(lab, log.line).then(() => 0) : bringUp(lab, { nodes, release }, log),
    ).finally(log.clear);
    if (log.file) process.stderr.write(`the lab's log: ${log.file}\n`);
    return status;
  },
});
