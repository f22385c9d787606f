import { readFileSync } from "node:fs";
import { join } from "node:path";

import { labNamed } from "../paths";
import { parseInvocation } from "./arguments";
import { UsageError } from "./command";
import { commands } from "./commands";

const defaultCommand = "lab";
const help = join(__dirname, "..", "bin", "help.txt");

/** Runs `npm run lab -- ARGV`; sets the exit status: that of the command, 1 for an error, 2 for a wrong command line. */
export async function main(argv: string[]): Promise<void> {
  try {
    process.exitCode = await dispatch(argv);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

async function dispatch(argv: string[]): Promise<number> {
  const { lab, command: name, args } = parseInvocation(argv, process.env);
  const command = commands.find((candidate) => candidate.name === (name ?? defaultCommand));
  if (command === undefined) {
    throw new UsageError(`there is no command ${name ?? defaultCommand}\n\n${readFileSync(help, "utf8").trimEnd()}`);
  }
  try {
    return await command.run(args, labNamed(lab));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message}\nUsage: npm run lab -- ${command.usage}`);
  }
}
