import { UsageError } from "./command";

/** What was asked for: the lab's name, the command (undefined: the default one) and its own arguments. */
export interface Invocation {
  lab: string;
  command: string | undefined;
  args: string[];
}

/** Reads the command line; `--lab` may stand anywhere before the first `--`; throws UsageError. */
export function parseInvocation(argv: readonly string[], env: NodeJS.ProcessEnv): Invocation {
  const separator = argv.indexOf("--");
  const ours = separator < 0 ? [...argv] : argv.slice(0, separator);
  const rest = separator < 0 ? [] : argv.slice(separator);
  let lab = env["LAB"] || "lab";
  for (let at = ours.findIndex(isLabOption); at >= 0; at = ours.findIndex(isLabOption)) {
    const [option, next] = ours.slice(at, at + 2) as [string, string | undefined];
    const value = option === "--lab" ? next : option.slice("--lab=".length);
    if (!value) throw new UsageError("--lab needs the name of a lab");
    lab = value;
    ours.splice(at, option === "--lab" ? 2 : 1);
  }
  const [command, ...args] = ours;
  if (command?.startsWith("-")) return { lab, command: undefined, args: [...ours, ...rest] };
  return { lab, command, args: [...args, ...rest] };
}

function isLabOption(argument: string): boolean {
  return argument === "--lab" || argument.startsWith("--lab=");
}

/** Whether `--json` is asked for, the only argument that the command takes; throws UsageError. */
export function wantsJson(command: string, args: readonly string[]): boolean {
  const json = args.includes("--json");
  if (args.length > (json ? 1 : 0)) throw new UsageError(`${command} takes only --json, got ${args.join(" ")}`);
  return json;
}

/** Splits `WORDS -- COMMAND…`; without `--` the command begins after the given number of words. Throws UsageError if it is empty. */
export function splitCommand(args: readonly string[], words: number): { words: string[]; argv: string[] } {
  const separator = args.indexOf("--");
  const end = separator < 0 ? words : separator;
  const argv = args.slice(separator < 0 ? words : separator + 1);
  if (end !== words || args.length < words || argv.length === 0) throw new UsageError("there is no command to run");
  return { words: args.slice(0, words), argv };
}
