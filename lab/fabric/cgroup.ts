import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { pause } from "./shell";

/** Mount points of the cgroup hierarchies in the text of /proc/mounts: several (v1, hybrid) or a single one (pure v2). */
export function hierarchies(mounts: string): string[] {
  const found = mounts
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , type]) => type === "cgroup" || type === "cgroup2")
    // A v1 cpuset takes no process before its CPUs are set, and systemd does not use it.
    .filter(([, , , options]) => !(options ?? "").split(",").includes("cpuset"))
    .map(([, path]) => path ?? "");
  return [...new Set(found)].filter((path) => path !== "");
}

async function folders(name: string): Promise<string[]> {
  const mounts = await readFile("/proc/self/mounts", "utf8");
  return hierarchies(mounts).map((hierarchy) => join(hierarchy, name));
}

/** Creates the cgroup in every hierarchy; resolves to the files that take a process into it. */
export async function createCgroup(name: string): Promise<string[]> {
  const made = await folders(name);
  for (const folder of made) await mkdir(folder, { recursive: true });
  return made.map((folder) => join(folder, "cgroup.procs"));
}

/** Kills what is left in the cgroup and below it, and removes it from every hierarchy; fine if there is none. */
export async function removeCgroup(name: string): Promise<void> {
  for (const folder of await folders(name)) await removeFolder(folder);
}

async function removeFolder(folder: string): Promise<void> {
  for (let attempt = 0; existsSync(folder); attempt++) {
    try {
      return await removeTree(folder);
    } catch (error) {
      // A killed process stays in its cgroup until the kernel has taken it apart.
      if (attempt >= 100) throw new Error(`the cgroup ${folder} cannot be removed: ${(error as Error).message}`);
      await pause(50);
    }
  }
}

async function removeTree(folder: string): Promise<void> {
  await killAll(folder);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  }
  await rmdir(folder);
}

async function killAll(folder: string): Promise<void> {
  const killer = join(folder, "cgroup.kill");
  if (existsSync(killer)) return writeFile(killer, "1");
  for (const pid of (await readFile(join(folder, "cgroup.procs"), "utf8")).split("\n").filter(Boolean)) {
    // 0 is a process outside of our process namespace; one that has just ended is gone anyway.
    if (Number(pid) > 1 && Number(pid) !== process.pid) ignoreGone(() => process.kill(Number(pid), "SIGKILL"));
  }
}

function ignoreGone(action: () => void): void {
  try {
    action();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
