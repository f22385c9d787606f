import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { fingerprint } from "../fingerprint";
import { writeSuite } from "../images/repository";
import { type Signer, withSigner } from "../images/signing";
import { packLivekitServer } from "../media/livekit-server";
import { buildPackage } from "./build";
import { INSTALLER_LINES, installerPath, installerScript } from "./installer";
import { lineRepository, newestReleases, pinnedRepository, RELEASES, type Release } from "./releases";

const KEY_NAME = "BigBlueButton apt-get";

/** Changes when anything that goes into BigBlueButton's repositories changes. */
export function bigbluebuttonKey(): string {
  const packages = readFileSync(join(__dirname, "../../package-lock.json"), "utf8");
  return fingerprint([packages], [__dirname, join(__dirname, "../media")]);
}

/**
 * Adds to the mirror's folder what `bbb-install.sh -r` looks for: one signed repository per line (its newest release) and
 * per release, the key as repo/bigbluebutton.asc, and the installer of each line.
 */
export async function addBigBlueButton(folder: string, progress: (line: string) => void): Promise<void> {
  const pools = join(folder, "pools");
  const shared = join(pools, "shared");
  mkdirSync(shared, { recursive: true });
  await packLivekitServer(shared, join(pools, "work"), progress);
  for (const release of RELEASES) await buildRelease(release, pools);
  withSigner(KEY_NAME, (signer) => {
    for (const release of RELEASES) addRepository(folder, pinnedRepository(release), release, signer);
    for (const release of newestReleases()) addRepository(folder, lineRepository(release), release, signer);
    mkdirSync(join(folder, "repo"));
    signer.exportKey(join(folder, "repo/bigbluebutton.asc"));
  });
  rmSync(pools, { recursive: true });
  for (const line of INSTALLER_LINES) {
    const script = join(folder, installerPath(line));
    mkdirSync(dirname(script), { recursive: true });
    writeFileSync(script, installerScript(line));
  }
}

async function buildRelease(release: Release, pools: string): Promise<void> {
  const pool = join(pools, release.version);
  mkdirSync(pool, { recursive: true });
  const work = join(pools, "work");
  const names = [...release.packages, ...(release.optional ?? [])];
  await Promise.all(names.map((name) => buildPackage(name, release, pool, work)));
}

function addRepository(folder: string, name: string, release: Release, signer: Signer): void {
  const root = join(folder, name);
  const pools = [join(folder, "pools", release.version), join(folder, "pools/shared")];
  mkdirSync(join(root, "pool"), { recursive: true });
  for (const pool of pools) for (const deb of readdirSync(pool)) linkSync(join(pool, deb), join(root, "pool", deb));
  signer.sign(writeSuite({ root, suite: `bigbluebutton-${release.distribution}`, origin: "BigBlueButton" }));
}
