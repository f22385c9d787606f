/** A release of BigBlueButton that the lab can install: what it is called and which packages it is made of. */
export interface Release {
  version: string;
  line: string;
  /** The Ubuntu release in the names of repositories, as in `jammy-300`. */
  distribution: string;
  packages: readonly string[];
  /** Folders below `variants/` laid over the packages' own files, in this order: what differs from the newest release. */
  variants: readonly string[];
}

const PACKAGES_30 = [
  "bbb-config",
  "bbb-web",
  "bbb-html5",
  "bbb-apps-akka",
  "bbb-graphql-middleware",
  "bbb-graphql-server",
  "bbb-webrtc-sfu",
  "bbb-etherpad",
  "bbb-learning-dashboard",
  "bigbluebutton",
] as const;

const LINE_30 = { line: "3.0", distribution: "jammy", packages: PACKAGES_30, variants: [] };

/** Every release that the lab can install, oldest first within a line. */
export const RELEASES: readonly Release[] = [
  { ...LINE_30, version: "3.0.28" },
  { ...LINE_30, version: "3.0.30" },
];

/** The repository of a line's newest release, e.g. `jammy-300`. */
export function lineRepository(release: Release): string {
  return `${release.distribution}-${release.line.replace(".", "")}0`;
}

/** The repository that holds one release alone, e.g. `jammy-300-3.0.30`. */
export function pinnedRepository(release: Release): string {
  return `${lineRepository(release)}-${release.version}`;
}

/** The last release of each line in the table. */
export function newestReleases(): Release[] {
  return [...new Map(RELEASES.map((release) => [release.line, release])).values()];
}
