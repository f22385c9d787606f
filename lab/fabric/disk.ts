import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Machine } from "../api/fabric";
import { seedFiles } from "./seed";
import { run } from "./shell";

const copyAttempts = 5;

/** A machine's disk: what it wrote (`upper`) over the base image, mounted on `root` while it runs. */
export class Disk {
  readonly root: string;
  private readonly upper: string;
  private readonly work: string;
  private readonly prepared: string;

  constructor(
    private readonly folder: string,
    private readonly base: string,
    private readonly snapshots: string,
  ) {
    this.root = join(folder, "root");
    this.upper = join(folder, "upper");
    this.work = join(folder, "work");
    this.prepared = join(folder, "prepared");
  }

  /** Mounts the disk of a machine, made of the machine's image if there is none yet; fine if it is mounted. */
  async provide(machine: Machine): Promise<void> {
    if (existsSync(this.prepared)) return this.mount();
    await this.remove();
    for (const folder of [this.root, this.work]) await mkdir(folder, { recursive: true });
    const snapshot = join(this.snapshots, machine.image);
    if (existsSync(snapshot)) await copy(snapshot, this.upper);
    else await mkdir(this.upper);
    await this.mount();
    // Into what is mounted: in a snapshot, a folder may be one that was taken away.
    for (const { path, text } of seedFiles(machine)) {
      const file = join(this.root, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    await writeFile(this.prepared, "");
  }

  /** Copies what was written on the disk by now, as pulling the plug at this moment would leave it. */
  async snapshot(image: number): Promise<void> {
    const target = join(this.snapshots, String(image));
    for (let attempt = 1; ; attempt++) {
      await rm(target, { recursive: true, force: true });
      try {
        return await copy(this.upper, target);
      } catch (error) {
        // The machine goes on, and a file may go between its being listed and its being read.
        if (attempt === copyAttempts) throw error;
      }
    }
  }

  /** Unmounts the disk; fine if it is not mounted. */
  async unmount(): Promise<void> {
    if (await this.isMounted()) await run("umount", ["--lazy", this.root]);
  }

  /** Unmounts the disk and deletes it. */
  async remove(): Promise<void> {
    await this.unmount();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async mount(): Promise<void> {
    if (await this.isMounted()) return;
    // "volatile" spares every sync; its mark only guards against a crash of the whole host.
    await rm(join(this.work, "work", "incompat"), { recursive: true, force: true });
    const layers = `lowerdir=${this.base},upperdir=${this.upper},workdir=${this.work}`;
    await run("mount", ["-t", "overlay", "overlay", "-o", `${layers},volatile`, this.root]);
  }

  private async isMounted(): Promise<boolean> {
    return (await readFile("/proc/self/mounts", "utf8")).split("\n").some((line) => line.split(" ")[1] === this.root);
  }
}

/** With owners, times and what overlay notes of files that were taken away. */
async function copy(from: string, to: string): Promise<void> {
  await run("cp", ["--archive", "--reflink=auto", from, to]);
}
