import { suitsNode } from "../plan/images";
import { type ReleaseLine, releaseLine, supportedRelease } from "../plan/releases";
import { objectOf, type Values, type Violation } from "./violation";

/** A node whose release is of another line than the others' needs what belongs to that line. */
export function ownReleaseViolations({ release = "3.0", nodeSettings }: Values): Violation[] {
  const common = lineOf(release);
  if (common === undefined) return [];
  return Object.entries(objectOf(nodeSettings)).flatMap(([name, settings]) => {
    const own = objectOf(settings);
    const line = own["release"] === undefined ? common : lineOf(own["release"]);
    return line === undefined
      ? []
      : [...installerViolations(name, own, line, common), ...imageViolations(name, own, line, common)];
  });
}

type Own = Record<string, unknown>;

function installerViolations(name: string, own: Own, line: ReleaseLine, common: ReleaseLine): Violation[] {
  if (line === common || own["installer"] !== undefined) return [];
  const expected = `the {url, sha256} of the installer of ${line.line}: those of other lines refuse it`;
  return [{ path: ["nodeSettings", name, "installer"], expected, remedy: without(name, "release") }];
}

function imageViolations(name: string, own: Own, line: ReleaseLine, common: ReleaseLine): Violation[] {
  const path = ["nodeSettings", name, "image"];
  const { image } = own;
  if (image === undefined && line !== common && line.withoutImage) {
    const expected = `an image of your own for this release: Hetzner has no ${line.ubuntu}`;
    return [{ path, expected, remedy: without(name, "release") }];
  }
  if (typeof image !== "string" || suitsNode(image, line.line)) return [];
  return [{ path, expected: `${line.ubuntu}, or an image of your own`, remedy: without(name, "image") }];
}

function without(name: string, key: string): string {
  return `pulumi config rm --path 'nodeSettings.${name}.${key}'`;
}

function lineOf(release: unknown): ReleaseLine | undefined {
  return typeof release === "string" && supportedRelease.test(release) ? releaseLine(release) : undefined;
}
