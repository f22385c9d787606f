import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";

/** How to run a program, and how long to wait for it. */
export interface RunOptions {
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Everything the program prints goes here as well. */
  logFile?: string;
  timeoutSeconds?: number;
  /** Give up when the program has been silent for so long. */
  idleSeconds?: number;
}

/** What came of it. */
export interface RunResult {
  ok: boolean;
  stdout: string;
  /** The last lines of both streams. */
  tail: string;
}

const keptCharacters = 20_000;
const tailLines = 15;

/** Runs a program to its end; a failure is a result, never an exception. */
export async function run(command: string, args: string[], options: RunOptions): Promise<RunResult> {
  const bounded = options.timeoutSeconds !== undefined || options.idleSeconds !== undefined;
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that a program that is given up takes its children with it.
    detached: bounded,
  });
  const output = collect(child, options.logFile);
  const watch = bounded ? giveUpAfter(child, options) : undefined;
  const problem = await new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? `status ${code}`}`));
  });
  watch?.();
  await output.closeLog();
  return { ok: problem === undefined, stdout: output.stdout(), tail: lastLines(output.both(), problem) };
}

function collect(child: ChildProcess, logFile: string | undefined) {
  const log = logFile === undefined ? undefined : createWriteStream(logFile, { flags: "a" });
  // A full disk must not hide the compiler's own words about it.
  log?.on("error", () => {});
  let stdout = "";
  let both = "";
  const keep = (text: string, chunk: string) => (text + chunk).slice(-keptCharacters);
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    stdout = keep(stdout, chunk);
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      both = keep(both, chunk);
      log?.write(chunk);
    });
  }
  const closeLog = () => new Promise<void>((resolve) => (!log || log.destroyed ? resolve() : log.end(() => resolve())));
  return { stdout: () => stdout, both: () => both, closeLog };
}

function giveUpAfter(child: ChildProcess, options: RunOptions): () => void {
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  };
  const seconds = (value: number | undefined) => (value === undefined ? undefined : setTimeout(kill, value * 1000));
  const total = seconds(options.timeoutSeconds);
  const idle = seconds(options.idleSeconds);
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", () => idle?.refresh());
  return () => {
    clearTimeout(total);
    clearTimeout(idle);
  };
}

function lastLines(text: string, problem: string | undefined): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (problem !== undefined) lines.push(problem);
  return lines.slice(-tailLines).join("\n");
}
