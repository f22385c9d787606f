import { freemem } from "node:os";
import { resolve } from "node:path";

import { command, hcloud, type Plugin } from "./artefacts";
import { builtCli, type Cli, readyCli } from "./cli";
import { type Context, defaultCacheDir, processContext, ToolchainError } from "./context";
import { installProgram } from "./install";
import { type FoundPlugin, findPlugin, installedProgram } from "./plugins";
import { inPool } from "./pool";

/** The programs that carry out a Pulumi program. */
export interface Toolchain {
  /** Folder to put first on PATH: holds `pulumi` and its language host. */
  bin: string;
  /** One line saying which programs these are and where they came from. */
  description: string;
}

/** Where the toolchain goes and how it reports. */
export interface ToolchainOptions {
  /** Its `plugins/` folder is filled. */
  pulumiHome: string;
  progress: (line: string) => void;
  /** The environment of the operator's shell; by default that of this process. */
  env?: NodeJS.ProcessEnv;
  /** Where what was downloaded or built is kept; by default `toolchain/` in the project's cache folder. */
  cacheDir?: string;
}

/** Makes sure that Pulumi's CLI and the plugins hcloud and command are there: found, downloaded or built. */
export async function ensureToolchain(options: ToolchainOptions): Promise<Toolchain> {
  const env = options.env ?? process.env;
  const cacheDir = resolve(options.cacheDir ?? defaultCacheDir(env));
  const context = { ...processContext(__dirname, options.progress), env, cacheDir };
  return ensureIn(context, resolve(options.pulumiHome));
}

/** The same in a given context, which tests make up. */
export async function ensureIn(context: Context, pulumiHome: string): Promise<Toolchain> {
  try {
    const { cli, plugins } = await gather(context, pulumiHome);
    for (const { plugin, program } of plugins) installProgram(program, installedProgram(pulumiHome, plugin));
    return { bin: cli.bin, description: [cli, ...plugins].map((part) => part.description).join("; ") };
  } catch (error) {
    throw explainDisk(error, context, pulumiHome);
  }
}

interface Parts {
  cli: Cli;
  plugins: FoundPlugin[];
}

/** Where no CLI can be downloaded its plugins cannot either, so then everything is built side by side. */
async function gather(context: Context, pulumiHome: string): Promise<Parts> {
  const ready = await readyCli(context);
  const plugin = (which: Plugin) => () => findPlugin(context, which, pulumiHome, ready);
  const [cli, ...plugins] = await inPool(
    buildsAtOnce(),
    () => (ready ? Promise.resolve(ready) : builtCli(context)),
    plugin(hcloud),
    plugin(command),
  );
  return { cli, plugins };
}

const gibibyte = 2 ** 30;

/** The linker alone takes 1.7 GB, and compilers run beside it. */
function buildsAtOnce(): number {
  return freemem() > 6 * gibibyte ? 2 : 1;
}

function explainDisk(error: unknown, context: Context, pulumiHome: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (!["ENOSPC", "EACCES", "EPERM", "EROFS", "EDQUOT"].includes(code ?? "")) return error;
  const reason = (error as Error).message;
  return new ToolchainError(
    `cannot write to the toolchain cache ${context.cacheDir} (BBB_CLUSTER_CACHE moves it) or to ${pulumiHome}: ${reason}`,
  );
}
