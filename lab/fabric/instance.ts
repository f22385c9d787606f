import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";

import type { Lab } from "../paths";

/** Argument by which every first process of a lab is told from all other processes of the host. */
export function marker(lab: Lab): string {
  return `bbb-lab:${lab.folder}`;
}

/** The lab's first process, as the host numbers it, or null if the lab is down. */
export function findInit(lab: Lab): number | null {
  const [pid, namespace] = readText(lab.init)?.trim().split(" ") ?? [];
  return pid !== undefined && namespaceOf(pid) === namespace ? Number(pid) : null;
}

/** True if the supervisor of the lab runs and is ready for use. */
export function isReady(lab: Lab): boolean {
  return findInit(lab) !== null && existsSync(lab.ready);
}

/** True if this process runs within the lab. */
export function isInside(lab: Lab): boolean {
  return readText(lab.init)?.trim().split(" ")[1] === namespaceOf("self");
}

/** Processes (pids) that carry the lab's marker: its first process and the `unshare` that holds it. */
export function markedProcesses(lab: Lab): number[] {
  const wanted = marker(lab);
  return processes().filter((pid) => readText(`/proc/${pid}/cmdline`)?.split("\0").includes(wanted));
}

/** The process and mount namespaces of these processes that are not those of this process. */
export function foreignNamespaces(pids: readonly number[]): Set<string> {
  const own = new Set(namespacesOf("self"));
  return new Set(pids.flatMap((pid) => namespacesOf(String(pid))).filter((namespace) => !own.has(namespace)));
}

/** The process and mount namespaces that any process is in. */
export function namespacesInUse(): Set<string> {
  return new Set(processes().flatMap((pid) => namespacesOf(String(pid))));
}

function processes(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function namespacesOf(pid: string): string[] {
  return ["pid", "mnt"].map((kind) => readNamespace(pid, kind)).filter((namespace) => namespace !== null);
}

/** Notes which process is the lab's first, with the identity of its process namespace, so that a reused pid is told apart. */
export function recordInit(lab: Lab, pid: number): void {
  writeFileSync(lab.init, `${pid} ${namespaceOf(String(pid))}\n`);
}

/** Identity of the process namespace of a process ("pid:[4026531836]"), or null if there is no such process. */
export function namespaceOf(pid: string): string | null {
  return readNamespace(pid, "pid");
}

function readNamespace(pid: string, kind: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return null;
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
