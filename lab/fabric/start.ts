import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { ensureImages } from "../images/ensure";
import type { Lab } from "../paths";
import { ensureInfrastructureCa, ensureTrust } from "./certificates";
import { createCgroup, removeCgroup } from "./cgroup";
import { findInit, foreignNamespaces, isReady, markedProcesses, marker, namespacesInUse, recordInit } from "./instance";
import { readSettings, type Settings, writeSettings } from "./settings";
import { run, until } from "./shell";
import { renderSshConfig, writeWrappers } from "./wrappers";

const readySeconds = 180;
const defaultDomain = "cluster.test";

/**
 * Starts the lab if it is not running, new or from where it was; resolves when its API answers, rejects with the log's
 * tail, or when the lab was made with another domain.
 */
export async function startLab(lab: Lab, progress: (line: string) => void, domain?: string): Promise<Settings> {
  const before = await readSettings(lab);
  if (before !== undefined && domain !== undefined && domain !== before.domain) {
    throw new Error(
      `the lab "${lab.name}" was made with the domain ${before.domain}; for ${domain} make another: ` +
        `npm run lab -- up --lab NAME --domain ${domain}`,
    );
  }
  if (before !== undefined && isReady(lab)) return before;
  await stopLab(lab);
  const { bases, packages } = await ensureImages(progress);
  progress(before === undefined ? `creating the lab in ${lab.folder}` : `starting the lab again from ${lab.folder}`);
  const settings: Settings = {
    name: lab.name,
    domain: before?.domain ?? domain ?? defaultDomain,
    token: before?.token ?? randomBytes(32).toString("hex"),
    loadBalancerSecret: before?.loadBalancerSecret ?? randomBytes(32).toString("hex"),
    // Disks lie over what they were made of.
    bases: before !== undefined && Object.values(before.bases).every((base) => existsSync(base)) ? before.bases : bases,
    packages: [join(lab.folder, "packages"), packages],
  };
  await prepareFolder(lab, settings);
  await launch(lab);
  progress("the lab's network, DNS, ACME server, load balancer, Storage Box and API are up");
  return settings;
}

/** Kills everything that runs in the lab and removes what it left outside of its folder; fine if nothing runs. */
export async function stopLab(lab: Lab): Promise<void> {
  const pids = markedProcesses(lab);
  const namespaces = foreignNamespaces(pids);
  for (const pid of pids) kill(pid);
  await until("the end of the lab's processes", 30, async () => {
    // Once empty it is gone, and its number may be given to another lab's at any moment.
    const inUse = namespacesInUse();
    for (const namespace of namespaces) {
      if (!inUse.has(namespace)) namespaces.delete(namespace);
    }
    return markedProcesses(lab).length === 0 && namespaces.size === 0 ? true : undefined;
  });
  await removeCgroup(lab.cgroup);
  await rm(lab.ready, { force: true });
  await rm(lab.init, { force: true });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Stops the lab and deletes its folder. */
export async function removeLab(lab: Lab): Promise<void> {
  await stopLab(lab);
  await rm(lab.folder, { recursive: true, force: true, maxRetries: 5 });
  const home = dirname(lab.folder);
  if (existsSync(home) && readdirSync(home).length === 0) await rm(home, { recursive: true });
}

async function prepareFolder(lab: Lab, settings: Settings): Promise<void> {
  await mkdir(lab.folder, { recursive: true, mode: 0o700 });
  for (const folder of [
    lab.logs,
    lab.machines,
    lab.snapshots,
    lab.api,
    lab.pulumi.home,
    lab.pulumi.state,
    dirname(lab.ssh.key),
  ]) {
    await mkdir(folder, { recursive: true });
  }
  await writeSettings(lab, settings);
  await writeWrappers(lab);
  await ensureInfrastructureCa(lab);
  await ensureTrust(lab);
  if (!existsSync(lab.pulumi.passphrase)) {
    await writeFile(lab.pulumi.passphrase, randomBytes(24).toString("base64url"), { mode: 0o600 });
  }
  await writeFile(lab.ssh.config, renderSshConfig(lab));
  if (!existsSync(lab.ssh.key)) {
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", `lab-${lab.name}`, "-f", lab.ssh.key]);
  }
}

async function launch(lab: Lab): Promise<void> {
  const logFile = join(lab.logs, "supervisor.log");
  const log = openSync(logFile, "a");
  const repo = resolve(__dirname, "..", "..");
  const namespaces = ["--pid", "--mount", "--net", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc"];
  // The shell is the first process in there: it collects orphans, which node does not, and ends with the supervisor.
  const init = ["sh", "-c", '"$@" & wait $!', marker(lab)];
  const supervisor = [process.execPath, "--import", "tsx", join(repo, "lab", "supervisor.ts"), lab.name];
  const cgroups = await createCgroup(join(lab.cgroup, "supervisor"));
  const script = `${cgroups.map((file) => `echo $$ > ${file}`).join("; ")}; exec "$@"`;
  const env = { ...process.env, BBB_LAB_HOME: dirname(lab.folder) };
  const args = ["-ec", script, "sh", "unshare", ...namespaces, ...init, ...supervisor];
  const child = spawn("sh", args, { cwd: repo, detached: true, stdio: ["ignore", log, log], env });
  closeSync(log);
  let ended = false;
  child.on("exit", () => {
    ended = true;
  });
  child.unref();
  try {
    await until("the start of the lab", readySeconds, async () => {
      if (ended) throw new Error("the lab's supervisor ended while it started");
      recordChild(lab, child.pid as number);
      return isReady(lab) ? true : undefined;
    });
  } catch (error) {
    const tail = (await readFile(logFile, "utf8")).trimEnd().split("\n").slice(-20).join("\n");
    await stopLab(lab);
    throw new Error(`${(error as Error).message}; the end of ${logFile}:\n${tail}`);
  }
}

function recordChild(lab: Lab, unshare: number): void {
  if (findInit(lab) !== null) return;
  const first = readFileSync(`/proc/${unshare}/task/${unshare}/children`, "utf8").trim().split(" ")[0];
  // unshare's child is the lab's first process once it has become the marked shell.
  if (first && markedProcesses(lab).includes(Number(first))) recordInit(lab, Number(first));
}
