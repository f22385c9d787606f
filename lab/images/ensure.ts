import { cpSync } from "node:fs";
import { join } from "node:path";

import { addBigBlueButton, bigbluebuttonKey } from "../bigbluebutton/repositories";
import { fingerprint } from "../fingerprint";
import { baseKey, buildBase } from "./base";
import { buildCached, cached, withBuildLock } from "./cache";
import { debsKey, downloadDebs } from "./debs";
import { writeFlatRepository } from "./repository";

/** Where the lab's images are: `base` is a machine's root file system (read only), `packages` what the mirror serves. */
export interface Images {
  base: string;
  packages: string;
}

interface Names {
  base: string;
  debs: string;
  packages: string;
}

/** Builds what is not in the cache yet (about a minute); with a full cache it only computes the keys. */
export async function ensureImages(progress: (line: string) => void): Promise<Images> {
  const names = wantedNames();
  return readyImages(names) ?? (await withBuildLock(progress, () => buildMissing(names, progress)));
}

function wantedNames(): Names {
  const base = baseKey();
  const debs = debsKey(base);
  return {
    base: `base-${base}`,
    debs: `debs-${debs}`,
    packages: `packages-${fingerprint([debs, bigbluebuttonKey()])}`,
  };
}

function readyImages(names: Names): Images | undefined {
  const [base, packages] = [cached(names.base), cached(names.packages)];
  return base !== undefined && packages !== undefined ? { base, packages } : undefined;
}

async function buildMissing(names: Names, progress: (line: string) => void): Promise<Images> {
  const build = async (name: string, what: string, work: (folder: string) => Promise<void>) => {
    const present = cached(name);
    if (present !== undefined) return present;
    const started = Date.now();
    progress(`building ${what}`);
    const path = await buildCached(name, work);
    progress(`built ${what} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return path;
  };
  const base = await build(names.base, "the machines' Debian 12", (folder) => buildBase(folder, progress));
  const debs = await build(names.debs, "the set of Debian packages", (folder) => downloadDebs(folder, base, progress));
  const packages = await build(names.packages, "the package repositories", async (folder) => {
    cpSync(debs, join(folder, "debian"), { recursive: true });
    writeFlatRepository(join(folder, "debian"));
    await addBigBlueButton(folder, progress);
  });
  return { base, packages };
}
