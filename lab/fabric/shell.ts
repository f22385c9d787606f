import { spawn } from "node:child_process";

/** Runs a program to its end, optionally with text on its stdin; resolves to its stdout, rejects with one sentence that ends with its stderr. */
export function run(program: string, args: string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (error) => reject(new Error(`${program} cannot be run: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(stdout).toString());
      const said = Buffer.concat([...stderr, ...stdout])
        .toString()
        .trim()
        .replace(/\s*\n\s*/g, "; ");
      reject(new Error(`${program} ${args.join(" ")} ended with ${signal ?? `status ${code}`}: ${said}`));
    });
    // A program that ends before it has read everything reports that by its status.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** Resolves after the given time. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Calls `attempt` until it resolves to something other than undefined; rejects with `what` after the given time. */
export async function until<T>(what: string, seconds: number, attempt: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const result = await attempt();
    if (result !== undefined) return result;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${seconds} seconds`);
    await pause(50);
  }
}

/** Resolves to true if the work succeeds and to undefined if it fails: for `until`. */
export function succeeded(work: Promise<unknown>): Promise<true | undefined> {
  return work.then(
    () => true,
    () => undefined,
  );
}

/** Quotes a word for a POSIX shell. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
