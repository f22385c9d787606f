import { createHash } from "node:crypto";
import { createServer, type Server } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

const pollMs = 200;
const reminderMs = 20_000;
const patienceMinutes = 60;

/** Does the work while no other process does any under the same name; `waiting` is called now and then meanwhile. */
export async function withLock<T>(name: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
  const lock = await acquire(name, waiting);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function acquire(name: string, waiting: () => void): Promise<Server> {
  const end = Date.now() + patienceMinutes * 60_000;
  for (let remindAt = 0; ; await delay(pollMs)) {
    const lock = await listen(name);
    if (lock !== null) return lock;
    if (Date.now() > end) {
      throw new Error(`another process has held the lock ${name} for ${patienceMinutes} minutes: end it first`);
    }
    if (Date.now() >= remindAt) {
      waiting();
      remindAt = Date.now() + reminderMs;
    }
  }
}

/** A socket in the kernel's abstract namespace: the kernel takes it away with its process, and no file is left. */
function listen(name: string): Promise<Server | null> {
  // Such a name has at most 107 bytes.
  const hash = createHash("sha256").update(name).digest("hex");
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(null) : reject(error)));
    server.listen(`\0bbb-cluster:${hash}`, () => resolve(server.unref()));
  });
}
