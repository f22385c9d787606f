import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Machine } from "../api/fabric";
import { seedFiles } from "./seed";
import { run } from "./shell";

/** A machine's disk: what it wrote (`upper`) over the base image, mounted on `root` while it runs. */
export class Disk {
  readonly root: string;
  private readonly upper: string;
  private readonly work: string;
  private readonly prepared: string;

  constructor(
    private readonly folder: string,
    private readonly base: string,
  ) {
    this.root = join(folder, "root");
    this.upper = join(folder, "upper");
    this.work = join(folder, "work");
    this.prepared = join(folder, "prepared");
  }

  /** Makes the disk of a new machine; one that has been made is left alone. */
  async prepare(machine: Machine): Promise<void> {
    if (existsSync(this.prepared)) return;
    await rm(this.folder, { recursive: true, force: true });
    for (const folder of [this.root, this.upper, this.work]) await mkdir(folder, { recursive: true });
    for (const { path, text } of seedFiles(machine)) {
      const file = join(this.upper, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    await writeFile(this.prepared, "");
  }

  /** Mounts the disk; fine if it is mounted. */
  async mount(): Promise<void> {
    if (await this.isMounted()) return;
    // "volatile" spares every sync; its mark only guards against a crash of the whole host.
    await rm(join(this.work, "work", "incompat"), { recursive: true, force: true });
    const layers = `lowerdir=${this.base},upperdir=${this.upper},workdir=${this.work}`;
    await run("mount", ["-t", "overlay", "overlay", "-o", `${layers},volatile`, this.root]);
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

  private async isMounted(): Promise<boolean> {
    return (await readFile("/proc/self/mounts", "utf8")).split("\n").some((line) => line.split(" ")[1] === this.root);
  }
}
