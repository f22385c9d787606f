import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";

import { ExecuteError, type ExecuteOptions, execute } from "../../cli/execute";
import { enterLab } from "../fabric/inside";
import { home } from "../media/home";
import type { Lab } from "../paths";

/** Where in the lab a program runs: at the operator's, next to the API, at a user's on the internet, or at home. */
export type Place = keyof typeof namespaces;

const namespaces = { operator: undefined, user: "users", home };

/** The argument vector that runs one of the lab's own TypeScript files. */
export function script(file: string, args: string[] = []): string[] {
  return [process.execPath, "--require", require.resolve("tsx/cjs"), file, ...args];
}

/** Starts a program in the lab, trusting the lab's roots; throws one sentence when the lab is down. */
export function startInside(lab: Lab, place: Place, argv: string[], stdio: StdioOptions): ChildProcess {
  const [program, ...args] = enter(lab, place, argv);
  return spawn(program, args, { stdio, env: environment(lab) });
}

/** Runs a program in the lab and resolves to its stdout; rejects with its last words when it fails. */
export async function runInside(
  lab: Lab,
  place: Place,
  argv: string[],
  options: Pick<ExecuteOptions, "input" | "onLine"> = {},
): Promise<string> {
  const [program, ...args] = enter(lab, place, argv);
  try {
    return (await execute(program, args, { ...options, env: environment(lab) })).replace(/\n$/, "");
  } catch (error) {
    throw error instanceof ExecuteError ? new Error(error.said || `${argv[0]}: ${error.message}`) : error;
  }
}

function enter(lab: Lab, place: Place, argv: string[]): [string, ...string[]] {
  return enterLab(lab, argv, namespaces[place]) as [string, ...string[]];
}

function environment(lab: Lab): NodeJS.ProcessEnv {
  return { ...process.env, NODE_EXTRA_CA_CERTS: lab.caCertificates };
}
