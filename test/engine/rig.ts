import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { inject, onTestFinished } from "vitest";

import { EmulatedCloud } from "./rig/cloud";
import { Commands } from "./rig/commands";
import { once } from "./rig/once";
import { Pulumi } from "./rig/pulumi";
import { type ConfigValues, goodConfig, StackConfig } from "./rig/stack-config";
import { emptyStack, projectName, pulumiEnvironment, secrets, stackName } from "./rig/workshop";

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

/** The folder of this repository's own Pulumi project. */
export const repository = resolve(__dirname, "..", "..");

/** A rig for one test; nothing of it is left when the test is over. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const { folder, close, ...rig } = await open(options);
  onTestFinished(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });
  return rig;
}

/** A cluster that is up, for rigs to go on from. */
export function clusterWith(config: ConfigValues): Promise<Snapshot> {
  return once({ clusterWith: config }, () => bringUp(config));
}

async function bringUp(config: ConfigValues): Promise<Snapshot> {
  const { folder, endpoint, close, pulumi } = await open({ config });
  const { status, output } = await pulumi.up();
  await close();
  if (status !== 0) throw new Error(`the cluster did not come up:\n${output}`);
  return { folder, endpoint };
}

async function open(options: RigOptions) {
  const { project = repository, name = projectName, config = {}, zones = ["example.com"], from } = options;
  const workshop = inject("workshop");
  const folder = mkdtempSync(join(workshop.folder, "rig-"));
  cpSync(from?.folder ?? emptyStack(workshop), folder, { recursive: true });
  const cloud = new EmulatedCloud(folder, secrets.token, zones);
  const commands = new Commands();
  const [endpoint, ENGINE_RIG_COMMANDS] = await Promise.all([cloud.start(), commands.start()]);
  if (from !== undefined) renameInState(folder, from.endpoint, endpoint);
  if (name !== projectName) moveState(folder, name);
  const stackConfig = new StackConfig(join(folder, "config.yaml"));
  stackConfig.set({
    ...{ ...(from === undefined ? goodConfig : {}), ...config },
    ...{ "hcloud:endpoint": endpoint, "hcloud:pollInterval": "10ms", "hcloud:pollFunction": "constant" },
  });
  const env = { ...pulumiEnvironment(workshop, folder), ENGINE_RIG_COMMANDS };
  const pulumi = new Pulumi({ project, folder, env, stateFile: stackFile(folder, name) });
  const close = async () => {
    pulumi.kill();
    await Promise.all([cloud.close(), commands.close()]);
  };
  return { folder, endpoint, close, pulumi, cloud, commands, config: stackConfig };
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
