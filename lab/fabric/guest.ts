import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { createCgroup, removeCgroup } from "./cgroup";
import { linkName } from "./links";
import { until } from "./shell";

const signals = { poweroff: 34 + 4, reboot: 34 + 5 } as const; // systemd: SIGRTMIN+4, SIGRTMIN+5
const rebootStatus = 133;

/** What a guest needs from its surroundings; `connect` is called before every boot, `disconnect` when it stays off. */
export interface GuestOptions {
  id: number;
  name: string;
  /** Folder for console.log and init. */
  folder: string;
  root: string;
  /** Folder of device files that the machine has in /dev/disk/by-id. */
  devices: string;
  cgroup: string;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  log(line: string): void;
}

/** A running machine: systemd-nspawn, started again when the machine reboots, gone when it powers off. */
export class Guest {
  /** Resolves when the machine is off and everything of it has been taken away. */
  readonly off: Promise<void>;
  /** True from the moment it will not boot again. */
  ending = false;
  private process: ChildProcess | undefined;
  private stopping = false;
  private started: (() => void) | undefined;

  private constructor(private readonly options: GuestOptions) {
    this.off = this.live();
  }

  /** Boots the machine; resolves when its init runs, rejects when it does not come to that. */
  static async boot(options: GuestOptions): Promise<Guest> {
    let guest: Guest | undefined;
    await new Promise<void>((resolve, reject) => {
      guest = new Guest(options);
      guest.started = resolve;
      guest.off.then(
        () => reject(new Error(`${options.name} ended while it booted; see ${options.folder}/console.log`)),
        reject,
      );
    });
    return guest as unknown as Guest;
  }

  /** Switches off at once, as pulling the plug does. */
  async powerOff(): Promise<void> {
    this.stopping = true;
    this.process?.kill("SIGKILL");
    await this.off;
  }

  /** Asks the machine to power off; resolves when it has, rejects when it has not after the given time. */
  async shutdown(seconds = 90): Promise<void> {
    await this.signal(signals.poweroff);
    let isOff = false;
    const note = () => {
      isOff = true;
    };
    this.off.then(note, note);
    await until(`${this.options.name}'s power-off`, seconds, async () => isOff || undefined);
  }

  /** Asks the machine to reboot; resolves as soon as it has been asked. */
  async reboot(): Promise<void> {
    await this.signal(signals.reboot);
  }

  private async signal(number: number): Promise<void> {
    const init = await readFile(join(this.options.folder, "init"), "utf8").catch(() => null);
    if (init === null) throw new Error(`${this.options.name} is just starting and cannot be asked to do anything`);
    process.kill(Number(init), number);
  }

  private async live(): Promise<void> {
    const { name, cgroup, folder, log } = this.options;
    let status = rebootStatus;
    // Lets the constructor finish before anything happens.
    await Promise.resolve();
    try {
      while (status === rebootStatus && !this.stopping) {
        await this.options.connect();
        status = await this.runOnce();
        log(`${name} ended with status ${status}`);
      }
    } finally {
      this.ending = true;
      await rm(join(folder, "init"), { force: true });
      await removeCgroup(cgroup);
      await this.options.disconnect();
    }
  }

  private async runOnce(): Promise<number> {
    const { cgroup, folder } = this.options;
    const child = await this.spawn();
    this.process = child;
    const status = new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code) => resolve(code ?? 1));
    });
    if (this.stopping) child.kill("SIGKILL");
    await Promise.race([status, this.waitForInit(child.pid as number)]);
    const result = await status;
    this.process = undefined;
    await rm(join(folder, "init"), { force: true });
    await removeCgroup(cgroup);
    return result;
  }

  private async spawn(): Promise<ChildProcess> {
    const { cgroup, folder } = this.options;
    const files = await createCgroup(cgroup);
    const script = `${files.map((file) => `echo $$ > ${file}`).join("; ")}; exec "$@"`;
    // Machines may set what concerns their own network, as anywhere.
    const env = { ...process.env, SYSTEMD_NSPAWN_API_VFS_WRITABLE: "network" };
    const console = openSync(join(folder, "console.log"), "a");
    const argv = ["-ec", script, "sh", ...nspawnCommand(this.options)];
    const child = spawn("sh", argv, { stdio: ["ignore", console, console], env });
    closeSync(console);
    return child;
  }

  private async waitForInit(nspawn: number): Promise<void> {
    const init = await until(`${this.options.name}'s init`, 60, () => findInit(nspawn)).catch(() => null);
    if (init === null) return;
    await writeFile(join(this.options.folder, "init"), String(init));
    this.started?.();
  }
}

function nspawnCommand({ id, name, root, devices }: GuestOptions): string[] {
  const namespace = `/run/netns/${linkName(id)}`;
  // Started within the namespace, for nspawn mounts /sys, which lists interfaces, before it changes namespaces.
  const enter = ["nsenter", `--net=${namespace}`, "--"];
  const nspawn = ["systemd-nspawn", "-q", "--register=no", "--keep-unit", "--settings=no", "--link-journal=no"];
  const guest = ["-D", root, "-M", `m${id}`, `--hostname=${name}`];
  // With a namespace of its own by path, nspawn does not grant what it grants with --private-network.
  const network = [`--network-namespace-path=${namespace}`, "--capability=CAP_NET_ADMIN"];
  const boot = ["--boot", "--resolv-conf=off", "--timezone=off", "--console=read-only"];
  return [...enter, ...nspawn, ...guest, ...network, ...boot, `--bind=${devices}:/dev/disk/by-id`];
}

async function findInit(nspawn: number): Promise<number | undefined> {
  const children = await readFile(`/proc/${nspawn}/task/${nspawn}/children`, "utf8").catch(() => "");
  for (const pid of children.split(" ").filter(Boolean)) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    if (/^NSpid:\t\d+\t1$/m.test(status) && /^Name:\tsystemd$/m.test(status)) return Number(pid);
  }
  return undefined;
}
