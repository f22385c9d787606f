import { spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

import { type Call, hostCommand } from "../../test/engine/rig/call";
import { type OpenRig, openRig } from "../../test/engine/rig/open";
import type { Workshop } from "../../test/engine/rig/workshop";
import { compare, type Rounds, type Row } from "../table";

const nodes = 8;
// Ten round trips of 30 ms and a log-in for a command; SFTP asks five times more.
const commandSeconds = 0.4;
const uploadSeconds = 0.55;
/** Until what reads the setting runs again: the same for both. */
const restartSeconds = 2;
/** The distribution's has the modules that a machine's has. */
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

/** A setting changed on eight nodes, by this program and by one that does what the documentation tells to do by hand. */
export async function oneSetting(run: Rounds, workshop: Workshop): Promise<Row> {
  const [ours, naive] = [await ourCluster(workshop), await naiveCluster(workshop)];
  let changes = 0;
  const change = (rig: OpenRig, set: (words: string) => Record<string, unknown>) => async () => {
    rig.config.set(set(`Welcome ${changes++}`));
    return up(rig);
  };
  const ways = [
    change(ours, (defaultWelcomeMessage) => ({ bbbWebProperties: { defaultWelcomeMessage } })),
    change(naive, (message) => ({ "naive:message": message })),
  ] as const;
  const found = await compare(run, "a setting on 8 nodes against a naive program", ways);
  await Promise.all([ours.remove(), naive.remove()]);
  const measured = `${found.one.toFixed(1)} s / ${found.other.toFixed(1)} s`;
  const what = "one setting on 8 nodes / 11 uploads and a restart for each";
  return { what, measured, value: found.ratio, atMost: 0.4 };
}

/** Each node takes as long as the real host program on a machine of its own, such as this one. */
async function ourCluster(workshop: Workshop): Promise<OpenRig> {
  const rig = await openRig(workshop, { config: { nodes, restart: "now" } });
  await up(rig);
  const seconds = await hostSeconds(workshop, rig.commands.calls);
  const isConfiguring = (call: Call) => hostCommand(call) === "configure-node";
  rig.commands.carryOut(isConfiguring, () => delay(1000 * (commandSeconds + seconds)));
  return rig;
}

async function naiveCluster(workshop: Workshop): Promise<OpenRig> {
  const project = join(__dirname, "naive");
  const rig = await openRig(workshop, {
    project,
    name: "naive",
    config: { "naive:nodes": nodes, "naive:message": "" },
  });
  await up(rig);
  const isUpload = ({ command }: Call) => command === null;
  rig.commands.carryOut(isUpload, () => delay(1000 * uploadSeconds));
  rig.commands.carryOut(
    (call) => !isUpload(call),
    () => delay(1000 * (commandSeconds + restartSeconds)),
  );
  return rig;
}

/** How long the host program takes for another setting, in a folder that stands for a node. */
async function hostSeconds(workshop: Workshop, calls: readonly Call[]): Promise<number> {
  const first = calls.find((call) => hostCommand(call) === "configure-node");
  const folder = mkdtempSync(join(workshop.folder, "node-"));
  const settings = [{ key: "defaultWelcomeMessage", value: "Welcome" }];
  const request = JSON.parse(first?.stdin ?? "{}");
  const files = [{ path: "/etc/bigbluebutton/bbb-web.properties", settings }];
  await configure(folder, request);
  const started = performance.now();
  await configure(folder, { ...request, files });
  return (performance.now() - started) / 1000;
}

async function configure(folder: string, request: object): Promise<void> {
  const program = spawn(python, ["-B", join(__dirname, "node.py"), folder, String(restartSeconds)]);
  program.stdin.end(JSON.stringify(request));
  const [output, errors] = await Promise.all([text(program.stdout), text(program.stderr)]);
  if (!output) throw new Error(`the host program failed: ${errors}`);
}

async function up({ pulumi }: OpenRig): Promise<number> {
  const { status, output, seconds } = await pulumi.up();
  if (status !== 0) throw new Error(`Pulumi ended with status ${status}:\n${output}`);
  return seconds;
}
