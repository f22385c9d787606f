import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

/** Runs a step while no other process runs one under the same lock file; `waiting` is called now and then meanwhile. */
export async function withLock<T>(file: string, waiting: () => void, step: () => Promise<T>): Promise<T> {
  const release = await acquire(file, waiting);
  try {
    return await step();
  } finally {
    release();
  }
}

const politeMs = 200;
const reminderMs = 20_000;

/**
 * The lock is held by flock(1) for as long as its standard input stays open, so the kernel frees it when this process
 * is killed, and process ids, which differ between the lab's namespaces, do not matter.
 */
async function acquire(file: string, waiting: () => void): Promise<() => void> {
  const holder = spawn("flock", [file, "sh", "-c", "echo locked; exec cat"], {
    stdio: ["pipe", "pipe", "ignore"],
    // Ctrl-C must not free the lock before this process has ended.
    detached: true,
  });
  const answered = new Promise<true>((resolve) => {
    holder.stdout.once("data", () => resolve(true));
    // Without flock(1) two runs at once build twice, which costs time but harms nothing.
    holder.once("error", () => resolve(true));
    holder.once("close", () => resolve(true));
  });
  let patienceMs = politeMs;
  while (!(await Promise.race([answered, delay(patienceMs, false, { ref: false })]))) {
    waiting();
    patienceMs = reminderMs;
  }
  return () => holder.stdin.end();
}
