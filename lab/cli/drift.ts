import { defineCommand } from "citty";

import { administer } from "../stack/administer";
import { jsonArgs, labArgs, runningLab } from "./command";

/** `drift`: what the administrator's own `drift` finds in the lab. */
export const command = defineCommand({
  meta: { name: "drift", description: "find what differs on the machines from their configuration" },
  args: { ...labArgs, ...jsonArgs },
  run: ({ args }) => administer(runningLab(args), ["drift", ...(args.json ? ["--json"] : [])]),
});
