import { compareReleases, installerVersion, releaseLine } from "../releases";

/** Where the load balancer gets the player of recordings from: the repository that nodes install BigBlueButton from. */
export interface PlayerRequest {
  /** Host name of the package repository. */
  repository: string;
  /** Folder of the repository, such as jammy-300. */
  version: string;
}

/** A node as far as its player counts. */
export interface PlayerSource {
  release: string;
  installer: { repository?: string };
}

/** What bbb-install.sh takes without `-r`. */
const defaultRepository = "ubuntu.bigbluebutton.org";

/** Of the newest release among the nodes: it plays what older ones have recorded. None without nodes. */
export function playerRequest(nodes: readonly PlayerSource[]): PlayerRequest | null {
  const [newest] = [...nodes].sort((a, b) => compareReleases(latest(b.release), latest(a.release)));
  if (newest === undefined) return null;
  const { release, installer } = newest;
  return { repository: installer.repository ?? defaultRepository, version: installerVersion(release) };
}

/** A line stands for its newest release. */
function latest(release: string): string {
  return release === releaseLine(release).line ? `${release}.9999` : release;
}
