import { copyFileSync, linkSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { fingerprint } from "../images/fingerprint";
import { writeSuite } from "../images/repository";
import { type Signer, withSigner } from "../images/signing";
import { buildPackage } from "./build";
import { lineRepository, newestReleases, pinnedRepository, RELEASES, type Release } from "./releases";

const KEY_NAME = "BigBlueButton apt-get";

/** Changes when anything that goes into BigBlueButton's repositories changes. */
export function bigbluebuttonKey(): string {
  return fingerprint([], __dirname);
}

/**
 * Adds to the mirror's folder what `bbb-install.sh -r` looks for: one signed repository per line (its newest release) and
 * per release, the key as repo/bigbluebutton.asc, and the installer itself.
 */
export async function addBigBlueButton(folder: string): Promise<void> {
  const pools = join(folder, "pools");
  for (const release of RELEASES) await buildRelease(release, pools);
  withSigner(KEY_NAME, (signer) => {
    for (const release of RELEASES) addRepository(folder, pinnedRepository(release), release, signer);
    for (const release of newestReleases()) addRepository(folder, lineRepository(release), release, signer);
    mkdirSync(join(folder, "repo"));
    signer.exportKey(join(folder, "repo/bigbluebutton.asc"));
  });
  rmSync(pools, { recursive: true });
  copyFileSync(join(__dirname, "bbb-install.sh"), join(folder, "bbb-install.sh"));
}

async function buildRelease(release: Release, pools: string): Promise<void> {
  const pool = join(pools, release.version);
  mkdirSync(pool, { recursive: true });
  const work = join(pools, "work");
  await Promise.all(release.packages.map((name) => buildPackage(name, release, pool, work)));
}

function addRepository(folder: string, name: string, release: Release, signer: Signer): void {
  const root = join(folder, name);
  const from = join(folder, "pools", release.version);
  mkdirSync(join(root, "pool"), { recursive: true });
  for (const deb of readdirSync(from)) linkSync(join(from, deb), join(root, "pool", deb));
  signer.sign(writeSuite({ root, suite: `bigbluebutton-${release.distribution}`, origin: "BigBlueButton" }));
}
