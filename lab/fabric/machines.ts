import { readdirSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Lab } from "../paths";

/** Notes the machine's name in its folder, where `enterMachine` finds it. */
export async function nameMachine(folder: string, name: string): Promise<void> {
  await writeFile(join(folder, "name"), name);
}

/** Drops what a supervisor that was killed noted about running machines. */
export async function forgetRunning(lab: Lab): Promise<void> {
  for (const id of entries(lab.machines)) await rm(join(lab.machines, id, "init"), { force: true });
}

/** The argument vector that runs `argv` on a machine, to be used within the lab; throws one sentence if the machine is not running. */
export function enterMachine(lab: Lab, name: string, argv: readonly string[]): string[] {
  const kinds = ["--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"];
  return ["nsenter", `--target=${initOf(lab, name)}`, ...kinds, "--wdns=/root", "--", ...argv];
}

function initOf(lab: Lab, name: string): number {
  const machines = machineFolders(lab);
  const folder = machines.get(name);
  if (folder === undefined) {
    const others = machines.size > 0 ? `it has ${[...machines.keys()].sort().join(", ")}` : "it has none";
    throw new Error(`there is no machine ${name} in the lab "${lab.name}": ${others}`);
  }
  const init = readText(join(folder, "init"));
  if (init === undefined) throw new Error(`the machine ${name} is off`);
  return Number(init);
}

function machineFolders(lab: Lab): Map<string, string> {
  const machines = new Map<string, string>();
  for (const id of entries(lab.machines)) {
    const folder = join(lab.machines, id);
    const name = readText(join(folder, "name"));
    if (name !== undefined) machines.set(name, folder);
  }
  return machines;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
