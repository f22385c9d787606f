import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

import { ensureToolchain } from "../../../lab/toolchain/ensure";
import { Running } from "./processes";

/** What all rigs share. */
export interface Workshop {
  /** Everything that the tests write is below it. */
  folder: string;
  /** Where Pulumi's programs are. */
  bin: string;
}

/** The name of every stack in these tests. */
export const stackName = "test";

/** The name of this repository's project. */
export const projectName = "bbb-cluster";

/** Secrets of the stack's configuration. */
export const secrets = { clusterSecret: "0123456789abcdef".repeat(4), token: "t".repeat(64) };

/** Gets Pulumi and its plugins and makes an empty stack, to be copied. */
export async function prepareWorkshop(folder: string): Promise<Workshop> {
  const env = { ...process.env, COMMAND_PLUGIN_DIR: layCommandPlugin(folder) };
  // A first download or build takes minutes.
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  const { bin } = await ensureToolchain({ pulumiHome: pulumiHome(folder), progress, env });
  const workshop = { folder, bin };
  await makeStack(workshop);
  return workshop;
}

/** Pulumi's own folder; every process of these tests has it in its environment. */
export function pulumiHome(folder: string): string {
  return join(folder, "home");
}

/** The folder of the empty stack. */
export function emptyStack({ folder }: Workshop): string {
  return join(folder, "stack");
}

/** Variables that lead Pulumi to the stack in a folder, and nowhere else. */
export function pulumiEnvironment(workshop: Workshop, folder: string): NodeJS.ProcessEnv {
  const { PATH = "", HOME } = process.env;
  return {
    ...{ HOME, PATH: `${workshop.bin}${delimiter}${PATH}`, TMPDIR: workshop.folder },
    PULUMI_HOME: pulumiHome(workshop.folder),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_STACK: stackName,
    PULUMI_OPTION_CONFIG_FILE: join(folder, "config.yaml"),
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_CONTINUE_ON_ERROR: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Types are checked elsewhere, once.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    // Shows the flag --event-log.
    PULUMI_DEBUG_COMMANDS: "true",
  };
}

/** The engine starts a plugin as a program. */
function layCommandPlugin(folder: string): string {
  const place = join(folder, "command-plugin");
  mkdirSync(place);
  const program = join(place, "pulumi-resource-command");
  const script = resolve(__dirname, "..", "command-plugin", "plugin.mjs");
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  chmodSync(program, 0o755);
  return place;
}

/** An empty stack; `stack init` writes its configuration next to a Pulumi.yaml, so that is one of our own. */
async function makeStack(workshop: Workshop): Promise<void> {
  const stack = emptyStack(workshop);
  mkdirSync(join(stack, "state"), { recursive: true });
  writeFileSync(join(stack, "Pulumi.yaml"), `name: ${projectName}\nruntime: nodejs\n`);
  await must(workshop, "stack", "init", stackName, "--secrets-provider", "passphrase");
  renameSync(join(stack, `Pulumi.${stackName}.yaml`), join(stack, "config.yaml"));
  const values = [`clusterSecret=${secrets.clusterSecret}`, `hcloud:token=${secrets.token}`];
  await must(workshop, "config", "set-all", ...values.flatMap((value) => ["--secret", value]));
  rmSync(join(stack, "Pulumi.yaml"));
}

async function must(workshop: Workshop, ...args: string[]): Promise<void> {
  const cwd = emptyStack(workshop);
  const options = { cwd, env: pulumiEnvironment(workshop, cwd) };
  const { status, stderr } = await new Running("pulumi", [...args, "--non-interactive"], options).ended;
  if (status !== 0) throw new Error(`pulumi ${args[0]} ended with status ${status}:\n${stderr}`);
}
