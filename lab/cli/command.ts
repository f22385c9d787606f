import type { Lab } from "../paths";

/** One command of `npm run lab`; `run` resolves to the exit status. */
export interface Command {
  name: string;
  summary: string;
  /** What comes after `npm run lab -- `. */
  usage: string;
  run(args: string[], lab: Lab): Promise<number>;
}

/** The arguments of a command make no sense: reported with the command's usage, exit status 2. */
export class UsageError extends Error {}
