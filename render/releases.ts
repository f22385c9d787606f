/** A BigBlueButton release as numbers, so that releases can be compared. */
export type Release = readonly [major: number, minor: number, patch: number];

/** A span of releases that need the same files: from (included) to before (excluded; null: no end yet). */
export interface ReleaseSpan {
  from: string;
  before: string | null;
}

/** What is known of a release line: its packages, its operating system and where its needs change. */
export interface ReleaseLine {
  line: string;
  packages: string;
  image: string;
  /** First releases of each span, in ascending order; a span ends where the next begins. */
  spans: readonly string[];
  /** Releases that must not be used, with the reason. */
  refused: Readonly<Record<string, string>>;
}

const lines: readonly ReleaseLine[] = [
  {
    line: "3.0",
    packages: "jammy-300",
    image: "ubuntu-22.04",
    // 3.0.25: BlockNote; 3.0.28: slides and notes ask for $bbb_cors_origin; 3.0.37: SIP.js is gone.
    spans: ["3.0.0", "3.0.25", "3.0.27", "3.0.28", "3.0.37"],
    refused: { "3.0.27": "slides cannot be loaded behind a proxy (bigbluebutton#25108)" },
  },
];

/** The check of the `release` key and how the error names what is expected. */
export const supportedRelease = {
  expected: `a supported release line (${lines.map(({ line }) => line).join(", ")}) or a release of it such as 3.0.30 (3.0.27 is broken behind a proxy)`,
  test: (release: string): boolean => {
    const line = findLine(release);
    return line !== undefined && line.refused[release] === undefined;
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

/** The spans that a node of this line or release can be in; for an exact release only its own. */
export function releaseSpans(release: string): ReleaseSpan[] {
  const line = releaseLine(release);
  const spans = line.spans
    .map((from, index) => ({ from, before: line.spans[index + 1] ?? null }))
    .filter(({ from }) => line.refused[from] === undefined);
  return release === line.line ? spans : spans.filter((span) => inSpan(release, span));
}

/** Whether a release lies in a span. */
export function inSpan(release: string, { from, before }: ReleaseSpan): boolean {
  return compareReleases(release, from) >= 0 && (before === null || compareReleases(release, before) < 0);
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`. */
export function compareReleases(a: string, b: string): number {
  const [x, y] = [parseRelease(a), parseRelease(b)];
  return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
}

function parseRelease(release: string): Release {
  const [major = 0, minor = 0, patch = 0] = release.split(".").map(Number);
  return [major, minor, patch];
}

function findLine(release: string): ReleaseLine | undefined {
  return /^\d+\.\d+(\.\d+)?$/.test(release)
    ? lines.find(({ line }) => release === line || release.startsWith(`${line}.`))
    : undefined;
}
