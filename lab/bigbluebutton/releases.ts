/** A release of BigBlueButton that the lab can install: what it is called and which packages it is made of. */
export interface Release {
  version: string;
  line: string;
  /** The Ubuntu release in the names of repositories, as in `jammy-300`. */
  distribution: string;
  packages: readonly string[];
  /** In the repository, and installed by administrators who want them. */
  optional?: readonly string[];
  /** Folders below `variants/` laid over the packages' own files, in this order: what differs from the newest release. */
  variants: readonly string[];
}

const EVERYWHERE = [
  "bbb-config",
  "bbb-web",
  "bbb-html5",
  "bbb-apps-akka",
  "bbb-freeswitch-core",
  "bbb-webrtc-sfu",
  "bbb-learning-dashboard",
  "bbb-record-core",
  "bbb-playback",
  "bigbluebutton",
] as const;
const GRAPHQL = ["bbb-graphql-middleware", "bbb-graphql-server"] as const;
/** What is real: LiveKit as the media server, in 3.0 where an administrator adds it, and hocuspocus for notes, since 3.0.25. */
const LIVEKIT = ["bbb-livekit"] as const;
const SHARED_NOTES = ["bbb-shared-notes-server"] as const;
const WEBHOOKS = ["bbb-webhooks"] as const;
const LINE_30 = { line: "3.0", distribution: "jammy", optional: [...LIVEKIT, ...WEBHOOKS] };
const EARLY_30 = [...EVERYWHERE, ...GRAPHQL, "bbb-etherpad"];
const PACKAGES_30 = [...EARLY_30, ...SHARED_NOTES];

/** Every release that the lab can install, oldest first within a line. */
export const RELEASES: readonly Release[] = [
  {
    version: "2.7.15",
    line: "2.7",
    distribution: "focal",
    // Meteor reads the client's settings by itself.
    packages: [...EVERYWHERE.filter((name) => name !== "bbb-apps-akka"), "bbb-etherpad"],
    optional: WEBHOOKS,
    variants: ["meteor", "sip-port"],
  },
  { ...LINE_30, version: "3.0.4", packages: EARLY_30, variants: ["open-slides", "sip-port", "sip"] },
  { ...LINE_30, version: "3.0.28", packages: PACKAGES_30, variants: ["sip-port", "sip"] },
  { ...LINE_30, version: "3.0.30", packages: PACKAGES_30, variants: ["sip-port", "sip"] },
  { ...LINE_30, version: "3.0.38", packages: PACKAGES_30, variants: [] },
  {
    // The newest there is by November 2026: 4.0 is known as betas and release candidates, 4.1 as development only.
    version: "4.0.0-rc.5",
    line: "4.0",
    distribution: "noble",
    packages: [...EVERYWHERE, ...GRAPHQL, ...LIVEKIT, ...SHARED_NOTES],
    optional: ["bbb-etherpad", ...WEBHOOKS],
    variants: ["noble"],
  },
];

/** The version of a release's packages: dpkg sorts what follows a tilde before the release itself (upstream's build/setup-inside-docker.sh). */
export function packageVersion({ version }: Release): string {
  return `1:${version.replace("-", "~")}`;
}

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
