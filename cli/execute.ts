import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How a program is run: what it is told, who hears it, and how much it may print and how long it may take before it is ended. */
export interface ExecuteOptions {
  input?: string;
  env?: NodeJS.ProcessEnv;
  /** Hears each line of its stdout as it comes. */
  onLine?: (line: string) => void;
  bytes?: number;
  seconds?: number;
}

/** A program that failed; `said` is the end of what it wrote to stderr, `printed` of what it wrote to stdout. */
export class ExecuteError extends Error {
  constructor(
    message: string,
    readonly said: string,
    readonly printed: string,
  ) {
    super(message);
  }
}

const kept = 10_000;

/** Runs a program to its end; resolves to its stdout, rejects with an `ExecuteError`. */
export function execute(program: string, args: readonly string[], options: ExecuteOptions = {}): Promise<string> {
  const { input = "", env = process.env, onLine, bytes = Number.POSITIVE_INFINITY, seconds } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "pipe", env });
    const out: Buffer[] = [];
    let [size, said] = [0, ""];
    const printed = () => Buffer.concat(out).toString();
    const fail = (message: string) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      reject(new ExecuteError(message, said.trim(), printed().slice(-kept).trim()));
    };
    const timer = seconds && setTimeout(() => fail(`${program} took longer than ${seconds} s`), seconds * 1000);
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bytes) out.push(chunk);
      else fail(`${program} printed more than ${bytes} bytes`);
    });
    if (onLine) createInterface({ input: child.stdout }).on("line", onLine);
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-kept);
    });
    child.on("error", ({ message }) => fail(`${program} cannot be run: ${message}`));
    child.on("close", (status, signal) => {
      if (status !== 0) return fail(`${program} ended with ${signal ?? `status ${status}`}`);
      clearTimeout(timer);
      resolve(printed());
    });
    // A program that ends before it has read everything tells so by its status.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
