import type { ChildProcess } from "node:child_process";

/** What a command printed and how it ended. */
export interface Outcome {
  status: number;
  stdout: string;
  stderr: string;
  /** What was typed. */
  command: string;
  /** Both of them, in the order in which they came. */
  printed: string;
}

/** What `startShell` puts before a command. */
export const prelude = 'set -e; eval "$LAB_EXPORTS"; ';

type Show = (name: "stdout" | "stderr", chunk: Buffer) => void;
const asItComes: Show = (name, chunk) => process[name].write(chunk);

/** Waits for a command and collects what it prints, showing it as it comes. */
export function finished(child: ChildProcess, show = asItComes): Promise<Outcome> {
  const command = child.spawnargs.join(" ").replace(`bash -c ${prelude}`, "");
  const outcome: Outcome = { status: 1, stdout: "", stderr: "", command, printed: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.on("data", (chunk: Buffer) => {
      outcome[name] += chunk;
      outcome.printed += chunk;
      show(name, chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ ...outcome, status: status ?? 1 }));
  });
}

/** Waits for a command that has to succeed; if it does not, the error says what it printed at the end. */
export async function succeeded(running: Outcome | Promise<Outcome>): Promise<Outcome> {
  const outcome = await running;
  if (outcome.status === 0) return outcome;
  const what = outcome.command.replace(/\s+/g, " ").slice(0, 150);
  throw new Error([`\`${what}\` ended with ${outcome.status}, and last printed:`, ...lastWords(outcome)].join("\n"));
}

/** The end of what a command printed, without what went well, each line marked as such. */
function lastWords({ printed }: Outcome): string[] {
  const wentWell = /^\s*$|^\s*(ok |@ )|^ *[-+~] .*(ing|ed)( \(\d+s\))?\s*$/;
  const lines = printed.split("\n").filter((line) => !wentWell.test(line));
  return lines.slice(-25).map((line) => `| ${line.trimEnd()}`);
}

/** Waits until a command prints something. */
export function printed(child: ChildProcess, pattern: RegExp): Promise<void> {
  let text = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk;
      if (pattern.test(text)) resolve();
    });
    child.on("close", () => reject(new Error(`it ended without printing ${pattern}`)));
  });
}
