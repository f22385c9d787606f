/** What is known of a release line. */
export interface ReleaseLine {
  /** 3.0 */
  line: string;
  /** What bbb-install.sh takes as `-v` for the newest release of the line. */
  packages: string;
  /** Name of the Ubuntu that the line runs on, as Hetzner's images have it. */
  ubuntu: string;
  /** Hetzner has no image of that Ubuntu: bring your own. */
  withoutImage?: true;
  /** What an administrator ought to know of the line. */
  warning?: string;
  /** Pre-releases are accepted: there is nothing else yet. */
  preReleases?: true;
  /** Releases that must not be used, with the reason. */
  refused?: Readonly<Record<string, string>>;
}

const endOfLife = "has reached end of life: no fixes, not even security fixes";

/** Every release line that the program knows; facts and sources are in docs/releases.md. */
export const releaseLines: readonly ReleaseLine[] = [
  { line: "2.4", packages: "bionic-240", ubuntu: "ubuntu-18.04", withoutImage: true, warning: endOfLife },
  { line: "2.5", packages: "focal-250", ubuntu: "ubuntu-20.04", withoutImage: true, warning: endOfLife },
  { line: "2.6", packages: "focal-260", ubuntu: "ubuntu-20.04", withoutImage: true, warning: endOfLife },
  // Hetzner took Ubuntu 20.04 away in May 2025.
  { line: "2.7", packages: "focal-270", ubuntu: "ubuntu-20.04", withoutImage: true },
  {
    line: "3.0",
    packages: "jammy-300",
    ubuntu: "ubuntu-22.04",
    refused: { "3.0.27": "slides cannot be loaded behind a proxy (bigbluebutton#25108)" },
  },
  {
    line: "4.0",
    packages: "noble-400",
    ubuntu: "ubuntu-24.04",
    preReleases: true,
    warning: "is known as betas and release candidates only: not for production",
  },
  {
    line: "4.1",
    packages: "noble-410",
    ubuntu: "ubuntu-24.04",
    preReleases: true,
    warning: "is not released: it exists in development only",
  },
];

/** The releases that something applies to: `since` (default: all before) up to, but without, `before` (default: all after). */
export interface ReleaseRange {
  since?: string;
  before?: string;
}

/** First release with the static client and GraphQL, without Meteor. */
export const staticClientSince = "3.0.0";

const knownLines = releaseLines.map(({ line }) => line).join(", ");

/** The check of the `release` key and how the error names what is expected. */
export const supportedRelease = {
  expected: `a release line (${knownLines}) or a release of one such as 3.0.30; 3.0.27 is broken behind a proxy`,
  test: (release: string): boolean => {
    const line = findLine(release);
    return (
      line !== undefined && !Object.keys(line.refused ?? {}).some((other) => compareReleases(release, other) === 0)
    );
  },
};

/**
 * The line that a release (or the line's own name) belongs to.
 * @throws when there is none; the configuration is checked before
 */
export function releaseLine(release: string): ReleaseLine {
  const line = findLine(release);
  if (line === undefined) {
    throw new Error(`release ${release} is not supported; expected ${supportedRelease.expected}`);
  }
  return line;
}

/** What bbb-install.sh takes as `-v`: the newest of the line, or exactly one release. */
export function installerVersion(release: string): string {
  const { line, packages } = releaseLine(release);
  return release === line ? packages : `${packages}-${release}`;
}

/** Whether the release, or every release of the line, has the static client. */
export function hasStaticClient(release: string): boolean {
  return isSince(release, staticClientSince);
}

/** Pre-releases in their order; `dev` is what a build of the development branch calls itself. */
const stages = ["dev", "alpha", "beta", "rc"];

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`; pre-releases come before their release. */
export function compareReleases(a: string, b: string): number {
  return compareNumbers(sortable(a), sortable(b));
}

/** Whether what is there since a release is there: pre-releases have what the release that they lead to has. */
export function isSince(release: string, first: string): boolean {
  const [here, since] = [sortable(release), sortable(first)];
  return compareNumbers(here.slice(0, 3), since.slice(0, 3)) >= 0;
}

function compareNumbers(x: readonly number[], y: readonly number[]): number {
  return x.map((part, index) => part - (y[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

function sortable(release: string): number[] {
  const [, major, minor, patch, stage, number] =
    /^(\d+)\.(\d+)(?:\.(\d+))?(?:[-~.]?(dev|alpha|beta|rc)[-.]?(\d*))?$/.exec(release) ?? [];
  const rank = stage === undefined ? stages.length : stages.indexOf(stage);
  return [major, minor, patch, rank, number].map((part) => Number(part ?? 0));
}

/** As the packages spell it, for it becomes part of their versions: no zeros in front. */
const spelling = /^((?:0|[1-9]\d*)\.(?:0|[1-9]\d*))(?:\.(?:0|[1-9]\d*)(-(?:alpha|beta|rc)\.(?:0|[1-9]\d*))?)?$/;

function findLine(release: string): ReleaseLine | undefined {
  const [, name, stage] = spelling.exec(release) ?? [];
  const found = releaseLines.find(({ line }) => line === name);
  return stage === undefined || found?.preReleases ? found : undefined;
}
