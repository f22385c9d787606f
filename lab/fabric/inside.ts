import { type StdioOptions, spawn } from "node:child_process";
import { constants } from "node:os";

import type { Lab } from "../paths";
import { findInit, isInside } from "./instance";

/** How a command is run within a lab. */
export interface InLabOptions {
  /** Network namespace: `users` for the lab's internet user; default is the operator's. */
  netns?: string;
  /** Added to this process's environment, or replacing it if `cleanEnv`. */
  env?: Record<string, string>;
  cleanEnv?: boolean;
  /** Default: all inherited. */
  stdio?: StdioOptions;
}

/** The argument vector that runs `argv` within the lab, in the current folder; throws one sentence when the lab is down. */
export function enterLab(lab: Lab, argv: readonly string[], netns?: string): string[] {
  const network = netns === undefined ? [] : ["nsenter", `--net=/run/netns/${netns}`, "--"];
  if (isInside(lab)) return [...network, ...argv];
  const init = findInit(lab);
  if (init === null) throw new Error(`the lab "${lab.name}" is down; start it with: npm run lab -- up`);
  const kinds = ["--mount", "--net", "--pid", "--ipc", "--uts"];
  return ["nsenter", `--target=${init}`, ...kinds, `--wdns=${process.cwd()}`, "--", ...network, ...argv];
}

/** Runs a command within the lab; resolves to its exit status (128 + number if it died of a signal). */
export function inLab(lab: Lab, argv: readonly string[], options: InLabOptions = {}): Promise<number> {
  const [program, ...args] = enterLab(lab, argv, options.netns) as [string, ...string[]];
  const env = options.cleanEnv ? { ...options.env } : { ...process.env, ...options.env };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: options.stdio ?? "inherit", env });
    // Ctrl-C reaches the command by itself; it decides what becomes of it.
    const ignore = () => {};
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    process.on("SIGINT", ignore);
    process.on("SIGTERM", forward);
    child.on("error", (error) => reject(new Error(`${program} cannot be run: ${error.message}`)));
    child.on("exit", (code, signal) => {
      process.off("SIGINT", ignore);
      process.off("SIGTERM", forward);
      resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]);
    });
  });
}
