import { type FileHandle, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";

import type { VolumeDisk } from "../api/fabric";
import { run, until } from "./shell";

const gigabyte = 1024 ** 3;
const releaseSeconds = 30;
// Hetzner's names, in /dev/disk/by-id.
const prefix = "scsi-0HC_Volume_";

/** Disks that outlive machines: sparse files, each a loop device while a machine has it. */
export class Volumes {
  private readonly devices = new Map<number, { path: string; handle: FileHandle }>();
  private readonly released = new Map<number, string>();

  constructor(private readonly folder: string) {}

  /**
   * Has a machine with this folder see exactly these disks; a new one is all zeros, a larger one grows. The folder in
   * which it sees them. From a machine that still has one mounted, the device goes when that ends.
   */
  async provide(machine: string, volumes: readonly VolumeDisk[]): Promise<string> {
    const shown = join(machine, "volumes");
    await mkdir(shown, { recursive: true });
    const wanted = new Set(volumes.map(({ id }) => `${prefix}${id}`));
    for (const name of (await readdir(shown)).filter((name) => !wanted.has(name))) {
      await rm(join(shown, name));
      await this.release(Number(name.slice(prefix.length)));
    }
    for (const volume of volumes) {
      const device = await this.device(volume);
      // The device, and not what is on it.
      await run("cp", ["--archive", "--remove-destination", device, join(shown, `${prefix}${volume.id}`)]);
    }
    return shown;
  }

  /** Removes a disk with all that is on it. */
  async remove(id: number): Promise<void> {
    await this.release(id);
    await rm(this.file(id), { force: true });
  }

  private async device({ id, sizeGb }: VolumeDisk): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    const file = await open(this.file(id), "a");
    try {
      if ((await file.stat()).size < sizeGb * gigabyte) await file.truncate(sizeGb * gigabyte);
    } finally {
      await file.close();
    }
    const known = this.devices.get(id);
    if (known !== undefined) {
      await run("losetup", ["--set-capacity", known.path]);
      return known.path;
    }
    await this.unused(id);
    const path = (await run("losetup", ["--find", "--show", this.file(id)])).trim();
    this.devices.set(id, { path, handle: await open(path) });
    // From now on it goes with the last that has it open: of a lab that is killed nothing is left.
    await run("losetup", ["--detach", path]);
    return path;
  }

  private async release(id: number): Promise<void> {
    const known = this.devices.get(id);
    if (known === undefined) return;
    this.devices.delete(id);
    await known.handle.close();
    this.released.set(id, known.path);
  }

  // Two devices of one disk would each write over what the other has written.
  private async unused(id: number): Promise<void> {
    const path = this.released.get(id);
    if (path === undefined) return;
    const backing = join("/sys/block", basename(path), "loop/backing_file");
    const ended = async () => (await readFile(backing, "utf8").catch(() => "")).trim() !== this.file(id) || undefined;
    await until(`the end of all use of volume ${id}`, releaseSeconds, ended);
    this.released.delete(id);
  }

  private file(id: number): string {
    return join(this.folder, `${id}.img`);
  }
}
