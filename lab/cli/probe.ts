import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";

import type { ProbeOptions } from "../probe/probe";
import { type Command, UsageError } from "./command";
import { script, startInside } from "./inside";

const userScript = join(__dirname, "..", "probe", "run.ts");

/** Reads `URL [--rate 10] [--seconds 60]`; throws a UsageError that names what is wrong. */
export function parseProbe(args: string[]): ProbeOptions {
  const { values, positionals } = readOptions(args);
  const [url, ...others] = positionals;
  if (!url || others.length > 0 || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new UsageError(`probe needs one http or https URL, got ${positionals.join(" ") || "none"}`);
  }
  return { url, rate: positive("--rate", values.rate), seconds: positive("--seconds", values.seconds) };
}

/** `probe`: asks one URL over and over as a user; exit status 1 if any request failed. */
export const command: Command = {
  name: "probe",
  summary: "ask a URL over and over, as a user; says which requests failed",
  usage: "probe URL [--rate 10] [--seconds 60]    (requests a second, for how long)",
  async run(args, lab) {
    const { url, rate, seconds } = parseProbe(args);
    const argv = script(userScript, [url, String(rate), String(seconds)]);
    const child = startInside(lab, "user", argv, ["pipe", "inherit", "inherit"]);
    // The end of its stdin stops it, however this process ends: a signal would only reach the nsenter in between.
    const stop = () => child.stdin?.end();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
    const [code] = await once(child, "exit");
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
    return code ?? 1;
  },
};

function readOptions(args: string[]) {
  try {
    const options = { rate: { type: "string", default: "10" }, seconds: { type: "string", default: "60" } } as const;
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new UsageError(`${option} must be a number above 0, got ${text}`);
  return value;
}
