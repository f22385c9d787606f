import * as lock from "../lock";
import type { Lab } from "../paths";

/** Does the work while no other process does any with a lock on the same lab; waits for the other, saying so. */
export function withLock<T>(
  { cgroup, name }: Lab,
  what: string,
  progress: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const waiting = () => progress(`${what} waits: another command is changing the lab "${name}"`);
  return lock.withLock(cgroup, waiting, work);
}
