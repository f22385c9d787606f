import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { EmulatedCloud } from "./cloud";
import { Commands } from "./commands";
import { Pulumi } from "./pulumi";
import { type ConfigValues, goodConfig, StackConfig } from "./stack-config";
import { emptyStack, projectName, pulumiEnvironment, secrets, stackName, type Workshop } from "./workshop";

/** What a rig is for. */
export interface RigOptions {
  /** Folder of the Pulumi project; by default this repository. */
  project?: string;
  /** Name of the project, as its Pulumi.yaml says it. */
  name?: string;
  /** Changes to the good configuration. */
  config?: ConfigValues;
  /** Zones that are there from the beginning. */
  zones?: string[];
  /** Goes on from a copy of what another rig has left. */
  from?: Snapshot;
  /** For how long the cloud's actions run. */
  actionMs?: number;
  /** Variables of Pulumi's environment besides. */
  env?: NodeJS.ProcessEnv;
}

/** What a rig has left: Pulumi's state, the cloud's, the configuration. */
export interface Snapshot {
  folder: string;
  endpoint: string;
}

/** The real engine and the real Hetzner provider on an emulated cloud whose machines answer at once. */
export interface Rig {
  pulumi: Pulumi;
  cloud: EmulatedCloud;
  commands: Commands;
  config: StackConfig;
}

/** A rig, and how it is ended. */
export interface OpenRig extends Rig, Snapshot {
  /** Ends what runs; the folder stays, for other rigs to go on from. */
  close(): Promise<void>;
  /** Ends what runs, and leaves nothing. */
  remove(): Promise<void>;
}

/** The folder of this repository's own Pulumi project. */
export const repository = resolve(__dirname, "..", "..", "..");

/** Sets a rig up in a workshop. */
export async function openRig(workshop: Workshop, options: RigOptions = {}): Promise<OpenRig> {
  const { project = repository, name = projectName, config = {}, zones = ["example.com"], from } = options;
  const folder = mkdtempSync(join(workshop.folder, "rig-"));
  cpSync(from?.folder ?? emptyStack(workshop), folder, { recursive: true });
  const cloud = new EmulatedCloud(folder, secrets.token, zones, options.actionMs);
  const commands = new Commands();
  const [endpoint, ENGINE_RIG_COMMANDS] = await Promise.all([cloud.start(), commands.start()]);
  if (from !== undefined) renameInState(folder, from.endpoint, endpoint);
  if (name !== projectName) moveState(folder, name);
  const stackConfig = new StackConfig(join(folder, "config.yaml"));
  stackConfig.set({
    ...{ "hcloud:endpoint": endpoint, "hcloud:pollInterval": "10ms", "hcloud:pollFunction": "constant" },
    ...{ ...(from === undefined ? goodConfig : {}), ...config },
  });
  const env = { ...pulumiEnvironment(workshop, folder), ENGINE_RIG_COMMANDS, ...options.env };
  const pulumi = new Pulumi({ project, folder, env, stateFile: stackFile(folder, name) });
  const close = async () => {
    pulumi.kill();
    await Promise.all([cloud.close(), commands.close()]);
  };
  const remove = async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, endpoint, close, remove, pulumi, cloud, commands, config: stackConfig };
}

function stackFile(folder: string, project: string): string {
  return join(folder, "state", ".pulumi", "stacks", project, `${stackName}.json`);
}

/** The state names the endpoint, which is another one each time. */
function renameInState(folder: string, from: string, to: string): void {
  const file = stackFile(folder, projectName);
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(from, to));
}

/** Makes the empty stack one of another project. */
function moveState(folder: string, project: string): void {
  renameSync(dirname(stackFile(folder, projectName)), dirname(stackFile(folder, project)));
}
