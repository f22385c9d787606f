import { spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

import { type Call, hostCommand } from "../../test/engine/rig/call";
import { type OpenRig, openRig } from "../../test/engine/rig/open";
import type { Workshop } from "../../test/engine/rig/workshop";
import { compare, inSeconds, type Rounds, type Row } from "../table";
import { leastProject } from "./least-project";

const nodes = 8;
// Ten round trips of 30 ms and a log-in for a command; SFTP asks five times more.
const commandSeconds = 0.4;
const uploadSeconds = 0.55;
/** Until what reads the setting runs again: the same for both. */
const restartSeconds = 2;
/** The distribution's has the modules that a machine's has. */
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

/**
 * A setting changed on eight nodes, by this program, by one that does what the documentation tells to do by hand, and by
 * one that consists of nothing but the command that restarts.
 */
export async function oneSetting(run: Rounds, workshop: Workshop): Promise<Row[]> {
  const [ours, naive, least] = [await ourCluster(workshop), await naiveCluster(workshop), await leastCluster(workshop)];
  let changes = 0;
  const change = (rig: OpenRig, set: (words: string) => Record<string, unknown>) => async () => {
    rig.config.set(set(`Welcome ${changes++}`));
    return up(rig);
  };
  const byHand = change(naive, (message) => ({ "naive:message": message }));
  const found = await compare(run, "a setting on 8 nodes against a naive program", [
    change(ours, (defaultWelcomeMessage) => ({ bbbWebProperties: { defaultWelcomeMessage } })),
    byHand,
  ]);
  const floor = await compare(run, "nothing but 8 commands against a naive program", [
    change(least, (message) => ({ "least:message": message })),
    byHand,
  ]);
  await Promise.all([ours, naive, least].map((rig) => rig.remove()));
  return [
    { what: "one setting on 8 nodes / 11 uploads and a restart for each", ...inSeconds(found), atMost: 0.4 },
    { what: "the same by a program of nothing but 8 commands", ...inSeconds(floor) },
  ];
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

async function leastCluster(workshop: Workshop): Promise<OpenRig> {
  const rig = await openRig(workshop, { ...leastProject, config: { "least:nodes": nodes } });
  await up(rig);
  rig.commands.carryOut(
    () => true,
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
