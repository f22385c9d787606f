import { realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";

import { cli, oldestCliVersion } from "./artefacts";
import { type Cached, findCached } from "./cache";
import type { Context } from "./context";
import { isProgram, programsNamed } from "./files";
import { build, download } from "./obtain";
import { run } from "./run";
import { isAtLeast } from "./version";

/** A Pulumi CLI that can be used, with its language host. */
export interface Cli {
  bin: string;
  description: string;
}

/** A CLI that is there already or can be downloaded. */
export async function readyCli(context: Context): Promise<Cli | undefined> {
  const own = await operatorCli(context);
  if (own) return own;
  const cached = findCached(context, cli) ?? (await download(context, cli, (scratch) => fetchCli(context, scratch)));
  return cached && describe(cached);
}

/** A CLI built with Go. */
export async function builtCli(context: Context): Promise<Cli> {
  return describe(await build(context, cli));
}

function describe(cached: Cached): Cli {
  const how = cached.origin === "built" ? "built from Go modules" : "as published";
  return { bin: cached.dir, description: `Pulumi CLI ${cli.version} (${how})` };
}

async function operatorCli(context: Context): Promise<Cli | undefined> {
  for (const program of programsNamed("pulumi", context.env)) {
    // A shell prepared for the lab has our own build on PATH.
    if (realpathSync(program).startsWith(context.cacheDir + sep)) continue;
    const version = await versionOf(program, context.env);
    if (version !== undefined && isAtLeast(version, oldestCliVersion)) {
      return { bin: dirname(program), description: `Pulumi CLI ${version.replace(/^v/, "")} (yours, ${program})` };
    }
    context.progress(
      `not using ${program}: ${version ?? "it does not say its version"}, needed is ${oldestCliVersion}`,
    );
  }
  return undefined;
}

async function versionOf(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const result = await run(program, ["version"], { env: quiet, timeoutSeconds: 10 });
  return result.ok ? result.stdout.trim() : undefined;
}

const silenceSeconds = 20;
const downloadSeconds = 300;

/** The npm package `pulumi` is a launcher that installs the published CLI below PULUMI_HOME. */
async function fetchCli(context: Context, scratch: string): Promise<string | undefined> {
  const [npx] = programsNamed("npx", context.env);
  if (npx === undefined) return undefined;
  const env = { ...context.env, PULUMI_HOME: scratch, PULUMI_VERSION: cli.version, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const bounds = { idleSeconds: silenceSeconds, timeoutSeconds: downloadSeconds };
  const result = await run(npx, ["--yes", `pulumi@${cli.version}`, "version"], { env, cwd: scratch, ...bounds });
  const bin = join(scratch, "versions", cli.version, "bin");
  return result.ok && cli.programs.every((program) => isProgram(join(bin, program))) ? bin : undefined;
}
