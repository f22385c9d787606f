import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** A repository with suites (`dists/<suite>/main`), as `deb URL <suite> main` reads it. */
export interface Suite {
  root: string;
  suite: string;
  origin: string;
  /** Default: the origin. */
  label?: string;
}

/** Turns a folder of .debs into a flat repository: `deb [trusted=yes] URL ./`. */
export function writeFlatRepository(folder: string): void {
  archive(folder, ["packages", "."], "Packages");
  archive(folder, [...fields({ Origin: "Debian", Label: "lab" }), "release", "."], "Release");
}

/** Writes the indexes of the .debs in `<root>/pool` below `<root>/dists/<suite>`; the caller signs the Release file. */
export function writeSuite({ root, suite, origin, label = origin }: Suite): string {
  const dists = join(root, "dists", suite);
  const index = join(dists, "main/binary-amd64");
  mkdirSync(index, { recursive: true });
  archive(root, ["packages", "pool"], join(index, "Packages"));
  const names = { Origin: origin, Label: label, Suite: suite, Codename: suite };
  const parts = { Architectures: "amd64", Components: "main" };
  archive(dists, [...fields({ ...names, ...parts }), "release", "."], join(dists, "Release"));
  return dists;
}

function fields(values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ["-o", `APT::FTPArchive::Release::${name}=${value}`]);
}

const oneHash = ["MD5", "SHA1", "SHA512"].flatMap((name) => ["-o", `APT::FTPArchive::${name}=false`]);

/** Debian's own tool, run in a folder because paths in an index are relative to it. */
function archive(cwd: string, args: string[], file: string): void {
  const text = execFileSync("apt-ftparchive", [...oneHash, ...args], { cwd, maxBuffer: 2 ** 30 });
  writeFileSync(resolve(cwd, file), text);
}
