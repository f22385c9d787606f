import { join, resolve } from "node:path";

import { command, type Plugin } from "./artefacts";
import { findCached } from "./cache";
import type { Cli } from "./cli";
import { type Context, homeOf, ToolchainError } from "./context";
import { isProgram } from "./files";
import { isLaidByUs } from "./install";
import { build, download } from "./obtain";
import { run } from "./run";

/** A plugin's executable and where it came from. */
export interface FoundPlugin {
  plugin: Plugin;
  program: string;
  description: string;
}

/** Finds a plugin, or gets it: by the CLI if one is given, else with Go. */
export async function findPlugin(
  context: Context,
  plugin: Plugin,
  pulumiHome: string,
  downloader: Cli | undefined,
): Promise<FoundPlugin> {
  return (
    givenPlugin(context, plugin) ??
    installedPlugin(context, plugin, pulumiHome) ??
    keptPlugin(context, plugin, downloader)
  );
}

function givenPlugin(context: Context, plugin: Plugin): FoundPlugin | undefined {
  const { COMMAND_PLUGIN_DIR } = context.env;
  if (plugin !== command || !COMMAND_PLUGIN_DIR) return undefined;
  const program = join(resolve(COMMAND_PLUGIN_DIR), plugin.program);
  if (!isProgram(program))
    throw new ToolchainError(
      `COMMAND_PLUGIN_DIR must be a folder that holds ${plugin.program}, but ${program} is no program`,
    );
  return { plugin, program, description: `${plugin.title} from COMMAND_PLUGIN_DIR (${COMMAND_PLUGIN_DIR})` };
}

/** The operator's own plugins come before what we built, so that ours never takes the place of the published one. */
function installedPlugin(context: Context, plugin: Plugin, pulumiHome: string): FoundPlugin | undefined {
  const { PULUMI_HOME } = context.env;
  for (const home of [pulumiHome, PULUMI_HOME, join(homeOf(context.env), ".pulumi")]) {
    const program = home && installedProgram(resolve(home), plugin);
    if (!program || !isProgram(program) || isLaidByUs(program)) continue;
    return { plugin, program, description: `${plugin.title} ${plugin.version} (yours, ${program})` };
  }
  return undefined;
}

/** Where Pulumi looks for a plugin. */
export function installedProgram(pulumiHome: string, plugin: Plugin): string {
  return join(pulumiHome, "plugins", `resource-${plugin.name}-v${plugin.version}`, plugin.program);
}

async function keptPlugin(context: Context, plugin: Plugin, downloader: Cli | undefined): Promise<FoundPlugin> {
  const cached =
    findCached(context, plugin) ??
    (downloader && (await download(context, plugin, (scratch) => fetchPlugin(context, plugin, downloader, scratch)))) ??
    (await build(context, plugin));
  const how = cached.origin === "built" ? plugin.builtNote : "as published";
  const description = `${plugin.title} ${plugin.version} (${how})`;
  return { plugin, program: join(cached.dir, plugin.program), description };
}

const downloadSeconds = 60;

async function fetchPlugin(context: Context, plugin: Plugin, cli: Cli, scratch: string): Promise<string | undefined> {
  const env = { ...context.env, PULUMI_HOME: scratch, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const args = ["plugin", "install", "resource", plugin.name, plugin.version, "--non-interactive"];
  const bounds = { cwd: scratch, timeoutSeconds: downloadSeconds };
  const result = await run(join(cli.bin, "pulumi"), args, { env, ...bounds });
  const program = installedProgram(scratch, plugin);
  return result.ok && isProgram(program) ? join(program, "..") : undefined;
}
