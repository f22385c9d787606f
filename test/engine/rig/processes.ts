import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** What a program said, and how it ended: null if a signal ended it. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A program that runs, and can be killed with everything that it started. */
export class Running {
  readonly ended: Promise<Ended>;
  /** What it has said so far. */
  readonly said = { stdout: "", stderr: "" };
  private readonly pid: number;

  constructor(program: string, args: string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
    const child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.pid = child.pid ?? 0;
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (chunk: string) => {
        this.said[stream] += chunk;
      });
    }
    this.ended = new Promise<Ended>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve({ status, ...this.said }));
    });
  }

  /** Ctrl-C. */
  interrupt(): void {
    signal(-this.pid, "SIGINT");
  }

  /** Kills it and everything that it started. */
  kill(): void {
    killFamily(this.pid);
  }
}

/** Kills a program and all its descendants at once, as a power cut would; the engine's plugins are in other groups. */
function killFamily(root: number): void {
  const family = descendants(root);
  for (const pid of family) signal(pid, "SIGSTOP");
  for (const pid of new Set([...family, ...descendants(root)])) signal(pid, "SIGKILL");
}

/** Kills what a process has started; by default what this one has. */
export function killChildren(parent = process.pid): void {
  for (const pid of descendants(parent).slice(1)) signal(pid, "SIGKILL");
}

/** Kills every program that has a variable, whoever started it; where /proc does not tell, they end by themselves. */
export function killThoseWith(variable: string): void {
  const all = existsSync("/proc/self/environ") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  for (const pid of all.filter((each) => environmentOf(each).includes(variable))) signal(Number(pid), "SIGKILL");
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // It has ended meanwhile, or is somebody else's.
    return [];
  }
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
    if (pid !== 0) process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
