import { defineCommand } from "citty";

import { administer } from "../stack/administer";
import { jsonArgs, labArgs, runningLab } from "./command";

/** `status`: what the administrator's own `status` says in the lab. */
export const command = defineCommand({
  meta: { name: "status", description: "show the machines: addresses, routes, running meetings, certificates" },
  args: {
    ...labArgs,
    ...jsonArgs,
    names: { type: "boolean", description: "name the running meetings, too (only on a terminal)" },
  },
  run: ({ args }) =>
    administer(runningLab(args), ["status", ...(args.json ? ["--json"] : []), ...(args.names ? ["--names"] : [])]),
});
