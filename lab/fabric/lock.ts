import { createServer, type Server } from "node:net";

import type { Lab } from "../paths";
import { pause } from "./shell";

const patienceMinutes = 30;

/** Does the work while no other process does any work with a lock on the same lab; waits for the other, saying so, then gives up. */
export async function withLock<T>(
  lab: Lab,
  what: string,
  progress: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await acquire(lab, what, progress);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function acquire(lab: Lab, what: string, progress: (line: string) => void): Promise<Server> {
  const end = Date.now() + patienceMinutes * 60_000;
  for (let attempt = 0; ; attempt++) {
    const lock = await listen(lab);
    if (lock !== null) return lock;
    if (attempt === 0) progress(`${what} waits: another command is changing the lab "${lab.name}"`);
    if (Date.now() > end) {
      throw new Error(
        `another command has been changing the lab "${lab.name}" for ${patienceMinutes} minutes: end it first`,
      );
    }
    await pause(500);
  }
}

/** A socket in the kernel's abstract namespace: the kernel takes it away with its process, and no file is left. */
function listen(lab: Lab): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(null) : reject(error)));
    server.listen(`\0bbb-lab:${lab.cgroup}`, () => resolve(server.unref()));
  });
}
