import { execFile } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

import { filesBelow } from "../fingerprint";
import { NOTES_SERVER, writeNotesServer } from "../media/shared-notes-bundle";
import { writeClient, writeMeteorClient } from "./client";
import { PACKAGES } from "./packages";
import { packageVersion, type Release } from "./releases";

const run = promisify(execFile);
const SCRIPTS = ["preinst", "postinst", "prerm", "postrm"];

/** Builds one package of `release` into the folder `pool`, by way of a tree of its own below `work`. */
export async function buildPackage(name: string, release: Release, pool: string, work: string): Promise<void> {
  const tree = join(work, `${name}_${release.version}`);
  mkdirSync(tree, { recursive: true });
  for (const layer of layers(name, release)) {
    cpSync(layer, tree, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.includes("__pycache__") });
  }
  for (const path of removed(name, release)) rmSync(join(tree, path), { recursive: true });
  if (name === "bbb-html5") addClient(tree, release);
  if (name === "bbb-shared-notes-server") await writeNotesServer(join(tree, NOTES_SERVER));
  for (const path of filesBelow(tree)) finishFile(join(tree, path), release);
  writeControl(tree, name, release);
  const deb = join(pool, `${name}_${release.version}_amd64.deb`);
  // Not compressed: the mirror is on the same machine, and unpacking must be quick.
  await run("dpkg-deb", ["--root-owner-group", "-Znone", "--build", tree, deb]);
  rmSync(tree, { recursive: true });
}

/** The folders that make up a package: its own, then those of the release's variants that touch it. */
function layers(name: string, release: Release): string[] {
  const variants = release.variants.map((variant) => join(__dirname, "variants", variant, name));
  return [join(__dirname, "packages", name), ...variants].filter((folder) => existsSync(folder));
}

/** What a release's variants leave out of a package: the lines of `<package>.remove`. */
function removed(name: string, release: Release): string[] {
  const lists = release.variants.map((variant) => join(__dirname, "variants", variant, `${name}.remove`));
  return lists.filter((list) => existsSync(list)).flatMap((list) => readFileSync(list, "utf8").trim().split("\n"));
}

/** The client, and for nginx's gzip_static what of it compresses and is not compressed yet. */
function addClient(tree: string, release: Release): void {
  const meteor = release.variants.includes("meteor");
  const folder = join(tree, meteor ? "usr/share/meteor/bundle" : "usr/share/bigbluebutton/html5-client");
  if (meteor) writeMeteorClient(folder, release.version);
  else writeClient(folder, release.version);
  for (const path of filesBelow(folder).filter((path) => /\/?(wasm|compatibility)\/[^/]+\.(wasm|js)$/.test(path))) {
    const file = join(folder, path);
    if (!existsSync(`${file}.gz`)) writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 1 }));
  }
}

/** Fills in the release and sets the mode from what the file is: programs begin with `#!`. */
function finishFile(path: string, release: Release): void {
  if (lstatSync(path).isSymbolicLink()) return;
  const content = readFileSync(path);
  const text = content.length < 100_000 ? content.toString("utf8") : "";
  if (text.includes("@RELEASE@")) writeFileSync(path, text.replaceAll("@RELEASE@", release.version));
  chmodSync(path, content.subarray(0, 2).toString() === "#!" ? 0o755 : 0o644);
  utimesSync(path, builtAt(release), builtAt(release));
}

/** In seconds. Of each release another one, as with real ones: nginx tells two pages of the same size apart by it alone. */
export function builtAt({ version }: Pick<Release, "version">): number {
  const [major = 0, minor = 0, patch = 0, candidate = 0] = (version.match(/\d+/g) ?? []).map(Number);
  return 1_700_000_000 + 10 * (((major * 100 + minor) * 1000 + patch) * 10 + candidate);
}

function writeControl(tree: string, name: string, release: Release): void {
  const control = join(tree, "DEBIAN");
  mkdirSync(control, { recursive: true });
  writeFileSync(join(control, "control"), controlFile(name, release));
  // Files below /etc are the administrator's: dpkg keeps what was edited there when it upgrades.
  const conffiles = filesBelow(tree).filter((path) => path.startsWith("etc/"));
  const regular = conffiles.filter((path) => !lstatSync(join(tree, path)).isSymbolicLink());
  if (regular.length > 0) writeFileSync(join(control, "conffiles"), regular.map((path) => `/${path}\n`).join(""));
  for (const script of SCRIPTS.map((script) => join(control, script))) {
    if (existsSync(script)) chmodSync(script, 0o755);
  }
}

/** The control file of a package: BigBlueButton's own packages must all be of one release, those it lacks left out. */
export function controlFile(name: string, release: Release): string {
  const definition = PACKAGES[name];
  if (definition === undefined) {
    throw new Error(`release ${release.version} wants a package "${name}", which lab/bigbluebutton/packages.ts lacks`);
  }
  const depends = definition.depends
    .filter((other) => !(other in PACKAGES) || release.packages.includes(other))
    .map((other) => (other in PACKAGES ? `${other} (= ${packageVersion(release)})` : other));
  const fields = [
    `Package: ${name}`,
    `Version: ${packageVersion(release)}`,
    "Architecture: amd64",
    "Maintainer: the lab <root@packages.lab.test>",
    "Section: web",
    "Priority: optional",
    `Depends: ${depends.join(", ")}`,
    `Description: simulated BigBlueButton: ${definition.description}`,
  ];
  return `${fields.join("\n")}\n`;
}
