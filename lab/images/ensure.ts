import { cpSync } from "node:fs";
import { join } from "node:path";

import { addBigBlueButton, bigbluebuttonKey } from "../bigbluebutton/repositories";
import { fingerprint } from "../fingerprint";
import { baseKey, buildBase } from "./base";
import { buildCached, cached, withBuildLock } from "./cache";
import { debsKey, downloadDebs } from "./debs";
import { writeFlatRepository } from "./repository";
import { type Suite, suiteNames, suites } from "./suites";
import { downloadWheels, wheelsKey } from "./wheels";

/** A folder for each Debian release that machines of the lab run. */
export type PerSuite = Record<Suite, string>;

/** Where the lab's images are: `bases` are machines' root file systems (read only), `packages` what the mirror serves. */
export interface Images {
  bases: PerSuite;
  packages: string;
}

interface Names {
  bases: PerSuite;
  debs: PerSuite;
  wheels: string;
  packages: string;
}

type Progress = (line: string) => void;

/** Builds what is not in the cache yet (about two minutes); with a full cache it only computes the keys. */
export async function ensureImages(progress: Progress): Promise<Images> {
  const names = wantedNames();
  return readyImages(names) ?? (await withBuildLock(progress, () => buildMissing(names, progress)));
}

function wantedNames(): Names {
  const keys = perSuite(baseKey);
  const debs = perSuite((suite) => debsKey(suite, keys[suite]));
  const wheels = wheelsKey();
  return {
    bases: perSuite((suite) => `base-${keys[suite]}`),
    debs: perSuite((suite) => `debs-${debs[suite]}`),
    wheels: `wheels-${wheels}`,
    packages: `packages-${fingerprint([debs, wheels, bigbluebuttonKey()])}`,
  };
}

function readyImages(names: Names): Images | undefined {
  const bases = perSuite((suite) => cached(names.bases[suite]) ?? "");
  const packages = cached(names.packages);
  return packages !== undefined && Object.values(bases).every(Boolean) ? { bases, packages } : undefined;
}

async function buildMissing(names: Names, progress: Progress): Promise<Images> {
  const build = builder(progress);
  const bases: Partial<PerSuite> = {};
  const debs: Partial<PerSuite> = {};
  for (const suite of suiteNames) {
    const { title } = suites[suite];
    const base = await build(names.bases[suite], `machines' ${title}`, (folder) => buildBase(suite, folder, progress));
    const download = (folder: string) => downloadDebs(suite, folder, base, progress);
    debs[suite] = await build(names.debs[suite], `set of ${title}'s packages`, download);
    bases[suite] = base;
  }
  const wheels = await build(names.wheels, "set of Python's packages", (folder) => downloadWheels(folder, progress));
  const packages = await build(names.packages, "package repositories", async (folder) => {
    for (const suite of suiteNames) {
      const mirror = join(folder, suites[suite].mirror);
      cpSync(debs[suite] as string, mirror, { recursive: true });
      writeFlatRepository(mirror);
    }
    cpSync(wheels, join(folder, "pypi"), { recursive: true });
    await addBigBlueButton(folder, progress);
  });
  return { bases: bases as PerSuite, packages };
}

/** What builds the folders of the cache that are not there, and says so. */
function builder(progress: Progress) {
  return async (name: string, what: string, work: (folder: string) => Promise<void>): Promise<string> => {
    const present = cached(name);
    if (present !== undefined) return present;
    const started = Date.now();
    progress(`building the ${what}`);
    const path = await buildCached(name, work);
    progress(`built the ${what} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return path;
  };
}

function perSuite(of: (suite: Suite) => string): PerSuite {
  return { bookworm: of("bookworm"), trixie: of("trixie") };
}
