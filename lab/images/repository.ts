import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** A repository with suites (`dists/<suite>/main`), as `deb URL <suite> main` reads it. */
export interface Suite {
  root: string;
  suite: string;
  origin: string;
}

/** Turns a folder of .debs into a flat repository: `deb [trusted=yes] URL ./`. */
export function writeFlatRepository(folder: string): void {
  const packages = packagesIndex(folder, folder);
  writeFileSync(join(folder, "Packages"), packages);
  writeFileSync(join(folder, "Release"), releaseFile({ Origin: "Debian", Label: "lab" }, { Packages: packages }));
}

/** Writes the indexes of the .debs in `<root>/pool` below `<root>/dists/<suite>`; the caller signs the Release file. */
export function writeSuite({ root, suite, origin }: Suite): string {
  const dists = join(root, "dists", suite);
  const index = "main/binary-amd64/Packages";
  mkdirSync(join(dists, "main/binary-amd64"), { recursive: true });
  const packages = packagesIndex(join(root, "pool"), root);
  writeFileSync(join(dists, index), packages);
  const fields = {
    Origin: origin,
    Label: origin,
    Suite: suite,
    Codename: suite,
    Architectures: "amd64",
    Components: "main",
  };
  writeFileSync(join(dists, "Release"), releaseFile(fields, { [index]: packages }));
  return dists;
}

function packagesIndex(debs: string, root: string): string {
  const names = readdirSync(debs).filter((name) => name.endsWith(".deb"));
  return names
    .sort()
    .map((name) => stanza(join(debs, name), root))
    .join("\n");
}

function stanza(deb: string, root: string): string {
  const content = readFileSync(deb);
  const control = execFileSync("dpkg-deb", ["--field", deb], { encoding: "utf8" }).trimEnd();
  const place = `Filename: ./${relative(root, deb)}\nSize: ${content.length}\nSHA256: ${sha256(content)}\n`;
  return `${control}\n${place}`;
}

function releaseFile(fields: Record<string, string>, indexes: Record<string, string>): string {
  const head = Object.entries({ ...fields, Date: new Date().toUTCString() }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const sums = Object.entries(indexes).map(([path, text]) => ` ${sha256(text)} ${Buffer.byteLength(text)} ${path}`);
  return `${[...head, "SHA256:", ...sums].join("\n")}\n`;
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
