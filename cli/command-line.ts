import { parseArgs, stripVTControlCharacters } from "node:util";
import { type ArgsDef, type CommandDef, type CommandMeta, renderUsage, runCommand, type SubCommandsDef } from "citty";

/** The command line makes no sense: exit status 2. */
export class UsageError extends Error {}

/** A program with commands, each of which resolves to its exit status; `args` may stand before the command. */
export interface Program {
  /** What is typed before a command: `npm run`. */
  name: string;
  description: string;
  args: ArgsDef;
  /** Each with a name as it is typed and a description whose first line says it all; `run` resolves to the exit status. */
  commands: SubCommandsDef;
  /** What runs when no command is named; without it that is a mistake. */
  default?: string;
}

/** Runs a command line; resolves to the exit status: that of the command, 1 for an error, 2 for a wrong command line. */
export async function runProgram(program: Program, argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(program, argv);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return isUsageError(error) ? 2 : 1;
  }
}

/** Splits at the first `--`: what comes after it is not for us. */
export function splitArguments(argv: readonly string[]): { ours: string[]; rest: string[] } {
  const at = argv.indexOf("--");
  return at < 0 ? { ours: [...argv], rest: [] } : { ours: argv.slice(0, at), rest: argv.slice(at + 1) };
}

async function dispatch(program: Program, argv: readonly string[]): Promise<number> {
  const { ours, rest } = splitArguments(argv);
  const at = commandIndex(ours, program.args);
  const name = ours[at] ?? program.default;
  const wantsHelp = ours.some((word) => word === "--help" || word === "-h");
  if (wantsHelp && at < 0) return showHelp(await overview(program));
  const command = name !== undefined && Object.hasOwn(program.commands, name) ? program.commands[name] : undefined;
  if (!isCommand(command)) throw new UsageError(unknownCommand(program, name));
  if (wantsHelp) return showHelp(await usage(program, command));
  const args = ours.filter((_, index) => index !== at);
  checkArguments(args, command.args as ArgsDef, `see: ${program.name} ${metaOf(command).name} --help`);
  const { result } = await runCommand(command, { rawArgs: args, data: rest });
  return result as number;
}

/** Where the command stands; -1 if none is named. */
function commandIndex(argv: readonly string[], options: ArgsDef): number {
  const takesValue = (word: string) => !word.includes("=") && options[word.replace(/^--/, "")]?.type === "string";
  return argv.findIndex((word, at) => !word.startsWith("-") && !takesValue(argv[at - 1] ?? ""));
}

/**
 * citty lets everything pass that it does not know.
 * @throws {UsageError} for what is none of the arguments, with a hint
 */
export function checkArguments(args: string[], definitions: ArgsDef = {}, hint: string): void {
  const flags = Object.entries(definitions).filter(([, { type }]) => type !== "positional");
  const options = flags.flatMap(([name, { type, default: value }]) => [
    [name, { type: type === "boolean" ? ("boolean" as const) : ("string" as const) }] as const,
    ...(type === "boolean" && value === true ? [[`no-${name}`, { type: "boolean" as const }] as const] : []),
  ]);
  const positional = Object.values(definitions).filter(({ type }) => type === "positional");
  const most = positional.some((one) => "several" in one) ? Number.POSITIVE_INFINITY : positional.length;
  try {
    const { positionals } = parseArgs({ args, options: Object.fromEntries(options), allowPositionals: true });
    if (positionals.length > most) throw new Error(`Unexpected argument '${positionals[most]}'`);
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(". ")[0]}\n${hint}`);
  }
}

function unknownCommand({ name: program, commands }: Program, name: string | undefined): string {
  const said = name === undefined ? "a command is missing" : `there is no command ${name}`;
  return `${said}; there are ${Object.keys(commands).join(", ")}\nsee: ${program} --help`;
}

/** The help of the whole: of each command its first line. */
async function overview({ name, description, args, commands }: Program): Promise<string> {
  const short = Object.entries(commands).map(([key, command]) => {
    const { description: said = "", ...meta } = isCommand(command) ? metaOf(command) : {};
    return [key, { meta: { ...meta, description: said.split("\n")[0] ?? "" } }] as const;
  });
  return unsigned(
    await renderUsage({ meta: { name, description }, args, subCommands: Object.fromEntries(short) }),
    name,
  );
}

async function usage({ name }: Program, command: CommandDef<ArgsDef>): Promise<string> {
  return unsigned(await renderUsage(command, { meta: { name } }), `${name} ${metaOf(command).name}`);
}

/** Without the name behind the description: the line of the usage has it, too. */
function unsigned(text: string, name: string): string {
  return text.replace(` (${name})`, "");
}

function isCommand(command: SubCommandsDef[string] | undefined): command is CommandDef<ArgsDef> {
  return typeof command === "object" && "meta" in command;
}

function metaOf(command: CommandDef<ArgsDef>): CommandMeta {
  return command.meta as CommandMeta;
}

function showHelp(text: string): number {
  const plain = process.stdout.isTTY && !process.env["NO_COLOR"] ? text : stripVTControlCharacters(text);
  process.stdout.write(`${plain.replaceAll(/ +$/gm, "").trimEnd()}\n`);
  return 0;
}

function isUsageError(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof Error && error.name === "CLIError");
}
