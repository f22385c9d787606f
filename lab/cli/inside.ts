import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { createInterface } from "node:readline";

import { enterLab } from "../fabric/inside";
import type { Lab } from "../paths";

/** Where in the lab a program runs: at the operator's, next to the API, or at a user's on the internet. */
export type Place = "operator" | "user";

/** What is said to a program on its stdin, and who hears each line of its stdout as it comes. */
export interface Exchange {
  input?: string;
  onLine?: (line: string) => void;
}

/** The argument vector that runs one of the lab's own TypeScript files. */
export function script(file: string, args: string[] = []): string[] {
  return [process.execPath, "--require", require.resolve("tsx/cjs"), file, ...args];
}

/** Starts a program in the lab, trusting the lab's roots; throws one sentence when the lab is down. */
export function startInside(lab: Lab, place: Place, argv: string[], stdio: StdioOptions): ChildProcess {
  const [program, ...args] = enterLab(lab, argv, place === "user" ? "users" : undefined) as [string, ...string[]];
  return spawn(program, args, { stdio, env: { ...process.env, NODE_EXTRA_CA_CERTS: lab.caCertificates } });
}

/** Runs a program in the lab and resolves to its stdout; rejects with its last words when it fails. */
export function runInside(lab: Lab, place: Place, argv: string[], exchange: Exchange = {}): Promise<string> {
  return finish(startInside(lab, place, argv, "pipe"), argv[0] ?? "", exchange);
}

/** Waits for a started program (all of stdio piped) and resolves to its stdout; rejects with its last words when it fails. */
export function finish(child: ChildProcess, program: string, { input = "", onLine }: Exchange): Promise<string> {
  const said: string[] = [];
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  if (child.stdout) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      said.push(line);
      onLine?.(line);
    });
  }
  // A program that ends before it has read everything tells so by its status.
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`${program} cannot be run: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(said.join("\n"));
      else reject(new Error(complaint.trim() || `${program} ended with ${signal ?? `status ${code}`}`));
    });
  });
}
