import { spawn, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a program said, and how it ended: null if a signal ended it. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** How to start a program. */
export interface RunningOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** A folder in which a file tells that it runs, for whoever cleans up after this process. */
  notes: string;
}

/** A program that runs, and can be killed with everything that it started. */
export class Running {
  readonly ended: Promise<Ended>;
  private readonly pid: number;

  constructor(program: string, args: string[], { notes, ...options }: RunningOptions) {
    const child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.pid = child.pid ?? 0;
    const note = join(notes, String(this.pid));
    writeFileSync(note, "");
    const texts = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (chunk: string) => {
        texts[stream] += chunk;
      });
    }
    this.ended = new Promise<Ended>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve({ status, ...texts }));
    }).finally(() => rmSync(note, { force: true }));
  }

  /** Kills it and everything that it started. */
  kill(): void {
    killFamily(this.pid);
  }
}

/** Kills a program and all its descendants at once, as a power cut would; the engine's plugins are in other groups. */
export function killFamily(root: number): void {
  const family = descendants(root);
  for (const pid of family) signal(pid, "SIGSTOP");
  for (const pid of new Set([...family, ...descendants(root)])) signal(pid, "SIGKILL");
}

function descendants(root: number): number[] {
  const listed = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).stdout;
  const pairs = listed.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const family = [root];
  for (const parent of family) family.push(...pairs.filter(([, ppid]) => ppid === parent).map(([pid]) => pid ?? 0));
  return family;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
