import { inLab } from "../fabric/inside";
import { enterMachine } from "../fabric/machines";
import { splitCommand } from "./arguments";
import type { Command } from "./command";

const machineEnv = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  USER: "root",
  LOGNAME: "root",
  SHELL: "/bin/bash",
  LANG: "C.UTF-8",
};

/** `exec`: runs a command on a machine as root, with stdin, output and exit status passed on. */
export const command: Command = {
  name: "exec",
  summary: "run a command on a machine, as root",
  usage: "exec MACHINE -- COMMAND...",
  run(args, lab) {
    const { words, argv } = splitCommand(args, 1);
    const env = { ...machineEnv, TERM: process.env["TERM"] ?? "dumb" };
    return inLab(lab, enterMachine(lab, words[0] as string, argv), { env, cleanEnv: true });
  },
};
