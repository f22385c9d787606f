/** A span of releases that need the same files: from (included) to before (excluded; null: no end yet). */
export interface ReleaseSpan {
  from: string;
  before: string | null;
}

/** What is known of a release line. */
export interface ReleaseLine {
  /** 3.0 */
  line: string;
  /** What bbb-install.sh takes as `-v` for the newest release of the line. */
  packages: string;
  /** Hetzner's image of the Ubuntu that the line runs on; none where Hetzner has no such image. */
  image?: string;
  /** First releases of each span, in ascending order; a span ends where the next begins. */
  spans: readonly string[];
  /** Releases that must not be used, with the reason. */
  refused: Readonly<Record<string, string>>;
}

/** Every release line that the program knows; facts and sources are in docs/releases.md. */
export const releaseLines: readonly ReleaseLine[] = [
  { line: "2.4", packages: "bionic-240", spans: ["2.4.0"], refused: {} },
  { line: "2.5", packages: "focal-250", spans: ["2.5.0"], refused: {} },
  { line: "2.6", packages: "focal-260", spans: ["2.6.0"], refused: {} },
  { line: "2.7", packages: "focal-270", image: "ubuntu-20.04", spans: ["2.7.0"], refused: {} },
  {
    line: "3.0",
    packages: "jammy-300",
    image: "ubuntu-22.04",
    // 3.0.25: BlockNote; 3.0.28: slides and notes ask for $bbb_cors_origin; 3.0.37: SIP.js is gone.
    spans: ["3.0.0", "3.0.25", "3.0.27", "3.0.28", "3.0.37"],
    refused: { "3.0.27": "slides cannot be loaded behind a proxy (bigbluebutton#25108)" },
  },
  { line: "4.0", packages: "noble-400", image: "ubuntu-24.04", spans: ["4.0.0"], refused: {} },
  { line: "4.1", packages: "noble-410", image: "ubuntu-24.04", spans: ["4.1.0"], refused: {} },
];

const knownLines = releaseLines.map(({ line }) => line).join(", ");

/** The check of the `release` key and how the error names what is expected. */
export const supportedRelease = {
  expected: `a release line (${knownLines}) or a release of one such as 3.0.30; 3.0.27 is broken behind a proxy`,
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

/** Whether the line is past its end of life: no fixes, also not for security. */
export function isPastEndOfLife(release: string): boolean {
  return compareReleases(releaseLine(release).line, "2.7") < 0;
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
  const [x, y] = [a, b].map((release) => release.split(".").map(Number));
  const differences = [0, 1, 2].map((part) => (x?.[part] ?? 0) - (y?.[part] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}

function findLine(release: string): ReleaseLine | undefined {
  return /^\d+\.\d+(\.\d+)?$/.test(release)
    ? releaseLines.find(({ line }) => release === line || release.startsWith(`${line}.`))
    : undefined;
}
