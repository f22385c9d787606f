import { once } from "node:events";
import { join } from "node:path";
import { defineCommand } from "citty";

import { UsageError } from "../../cli/command-line";
import type { ProbeOptions } from "../probe/probe";
import { labArgs, labOf } from "./command";
import { script, startInside } from "./inside";

const userScript = join(__dirname, "..", "probe", "run.ts");

/** Reads what is to be probed; throws a UsageError that names what is wrong. */
export function readProbe({ url, rate, seconds }: { url: string; rate: string; seconds: string }): ProbeOptions {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new UsageError(`probe needs an http or https URL, got ${url}`);
  }
  return { url, rate: positive("--rate", rate), seconds: positive("--seconds", seconds) };
}

/** `probe`: asks one URL over and over as a user; exit status 1 if any request failed. */
export const command = defineCommand({
  meta: { name: "probe", description: "ask a URL over and over, as a user; say which requests failed" },
  args: {
    ...labArgs,
    url: { type: "positional", required: true, description: "what is asked" },
    rate: { type: "string", default: "10", description: "requests a second" },
    seconds: { type: "string", default: "60", description: "for how long" },
  },
  async run({ args }) {
    const { url, rate, seconds } = readProbe(args);
    const argv = script(userScript, [url, String(rate), String(seconds)]);
    const child = startInside(labOf(args), "user", argv, ["pipe", "inherit", "inherit"]);
    // The end of its stdin stops it, however this process ends: a signal would only reach the nsenter in between.
    const stop = () => child.stdin?.end();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
    const [code] = await once(child, "exit");
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
    return code ?? 1;
  },
});

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new UsageError(`${option} must be a number above 0, got ${text}`);
  return value;
}
