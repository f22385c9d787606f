import { ExecuteError, execute } from "../../cli/execute";

/** Runs a program to its end, optionally with text on its stdin; resolves to its stdout, rejects with one sentence that ends with what it said. */
export async function run(program: string, args: string[], input = ""): Promise<string> {
  try {
    return await execute(program, args, { input });
  } catch (error) {
    if (!(error instanceof ExecuteError)) throw error;
    const said = `${error.said}\n${error.printed}`.trim().replace(/\s*\n\s*/g, "; ");
    throw new Error(`${[program, ...args].join(" ")}: ${error.message}: ${said}`);
  }
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
