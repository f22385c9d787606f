import { defineCommand } from "citty";

import { UsageError } from "../../cli/command-line";
import { inLab } from "../fabric/inside";
import { enterMachine } from "../fabric/machines";
import { labArgs, labOf } from "./command";

const machineEnv = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  USER: "root",
  LOGNAME: "root",
  SHELL: "/bin/bash",
  LANG: "C.UTF-8",
};

/** `exec`: runs a command on a machine as root, with stdin, output and exit status passed on. */
export const command = defineCommand({
  meta: { name: "exec", description: "run a command on a machine, as root: exec MACHINE -- COMMAND..." },
  args: {
    ...labArgs,
    machine: { type: "positional", required: true, description: "its name, such as bbb-01; after -- the command" },
  },
  run({ args, data }) {
    const lab = labOf(args);
    const env = { ...machineEnv, TERM: process.env["TERM"] ?? "dumb" };
    return inLab(lab, enterMachine(lab, args.machine, commandIn(data)), { env, cleanEnv: true });
  },
});

/** What is to be run, as it stands after `--`; throws a UsageError when that is nothing. */
export function commandIn(rest: string[]): string[] {
  if (rest.length === 0) throw new UsageError("there is no command to run: it comes after --");
  return rest;
}
