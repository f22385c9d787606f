import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import type { SshCommand } from "../ssh";

const busyStatus = 75;
const lock = "/run/bbb-cluster-rollout.lock";
// It holds the lock for as long as its input is open: it goes with whoever has started it, however that ends.
const command = `exec flock --nonblock --conflict-exit-code ${busyStatus} ${lock} sh -c 'echo alone; cat >/dev/null'`;

/**
 * Does the work while no other rollout goes on: two would take each other's nodes for their own. A machine on which that
 * cannot be told is reported, and holds nobody up.
 * @throws {Error} when another one does
 */
export async function alone<T>(
  program: SshCommand,
  machine: string,
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const [ssh, args] = program(machine, command);
  const held = spawn(ssh, args, { stdio: ["pipe", "pipe", "ignore"] });
  try {
    const status = await beginning(held);
    if (status === busyStatus) {
      throw new Error("another npm run rollout goes on, perhaps on another computer: let it end, or end it there");
    }
    if (status !== "alone") say(`${machine} does not answer: whether another rollout goes on is not known`);
    return await work();
  } finally {
    await letGo(held);
  }
}

/** Ends what holds the lock, and waits until it has: whoever begins right after that is not refused. */
async function letGo(held: ChildProcess): Promise<void> {
  const isThere = held.pid !== undefined && held.exitCode === null && held.signalCode === null;
  const ended = isThere ? once(held, "close") : undefined;
  held.stdin?.destroy();
  const late = setTimeout(() => held.kill(), 3000);
  await ended;
  clearTimeout(late);
}

/** That the lock is held, or how the command has ended. */
function beginning(held: ChildProcess): Promise<"alone" | number | null> {
  return new Promise((resolve) => {
    held.on("error", () => resolve(null));
    held.on("close", (status) => resolve(status));
    held.stdin?.on("error", () => {});
    if (held.stdout) createInterface({ input: held.stdout }).once("line", () => resolve("alone"));
  });
}
