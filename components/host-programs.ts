import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";

import type { LocalFile } from "../plan/node/administrator-files";
import { Refusal } from "./refusal";

/** A program that runs on the machines: its path in the folder, with slashes, and its text with Unix's line ends. */
interface Program {
  path: string;
  text: string;
}

/** A file of the copy. */
interface CopiedFile {
  path: string;
  bytes: Buffer;
}

const root = join(__dirname, "..");
const sources = join(root, "host", "bbb_cluster");

/** In the copy, the administrator's files: each named by its SHA-256. */
const carriedFolder = "administrator";

/** A version of the programs in a folder, and of what they carry. */
export function hostProgramsVersion(folder = sources, carried: readonly LocalFile[] = []): string {
  return versionOf(hostProgramsHash(folder, carried));
}

/** The version of a hash of programs: its first 12 hex digits. */
export function versionOf(hash: string): string {
  return hash.slice(0, 12);
}

/** SHA-256 over names and contents of the programs in a folder, and of what they carry. */
export function hostProgramsHash(folder = sources, carried: readonly LocalFile[] = []): string {
  const hash = createHash("sha256");
  for (const { path, text } of programsIn(folder)) {
    hash.update(`${path}\0`).update(text).update("\0");
  }
  for (const digest of carried.map(({ sha256 }) => sha256).sort()) {
    hash.update(`${digest}\0`);
  }
  return hash.digest("hex");
}

/**
 * A folder to be copied that holds the programs as their version names them, what they carry, and nothing else: no
 * .DS_Store, no compiled files, no other line ends. It has a fixed place, because Pulumi's state names it.
 * @throws {Refusal} when a carried file is not what was planned with
 */
export function hostProgramsCopy(
  folder = sources,
  cache = join(root, "node_modules", ".cache", "bbb-cluster"),
  carried: readonly LocalFile[] = [],
): string {
  const place = join(cache, hostProgramsVersion(folder, carried));
  const copy = join(place, "bbb_cluster");
  const wanted = [...programsIn(folder).map(asBytes), ...carried.map(readCarried)];
  if (!isCopy(copy, wanted)) {
    mkdirSync(cache, { recursive: true });
    const fresh = mkdtempSync(`${place}.`);
    for (const { path, bytes } of wanted) {
      const file = join(fresh, "bbb_cluster", path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    if (!isCopy(copy, wanted)) rmSync(place, { recursive: true, force: true });
    moveTo(place, fresh);
  }
  return copy;
}

/** Another run may have been faster. */
function moveTo(place: string, fresh: string): void {
  try {
    renameSync(fresh, place);
  } catch (error) {
    rmSync(fresh, { recursive: true });
    if (!existsSync(place)) throw error;
  }
}

function isCopy(copy: string, wanted: readonly CopiedFile[]): boolean {
  try {
    const there = filesIn(copy);
    const isThere = ({ path, bytes }: CopiedFile) => readFileSync(join(copy, path)).equals(bytes);
    return there.length === wanted.length && wanted.every(isThere);
  } catch {
    return false;
  }
}

function asBytes({ path, text }: Program): CopiedFile {
  return { path, bytes: Buffer.from(text) };
}

function readCarried({ source, sha256 }: LocalFile): CopiedFile {
  const bytes = readFileSync(source);
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) {
    throw new Refusal(`${source} was changed while it was read; nothing was touched: run again`);
  }
  return { path: `${carriedFolder}/${sha256}`, bytes };
}

function programsIn(folder: string): Program[] {
  return filesIn(folder)
    .filter((path) => /\.(py|json)$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8").replaceAll("\r\n", "\n") }));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join("/"),
    )
    .sort();
}
