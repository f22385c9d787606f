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

/** A program that runs on the machines: its path in the folder, with slashes, and its text with Unix's line ends. */
interface Program {
  path: string;
  text: string;
}

const root = join(__dirname, "..");
const sources = join(root, "host", "bbb_cluster");

/** A version of the programs in a folder: the first 12 hex digits of a hash over names and contents. */
export function hostProgramsVersion(folder = sources): string {
  const hash = createHash("sha256");
  for (const { path, text } of programsIn(folder)) {
    hash.update(`${path}\0`).update(text).update("\0");
  }
  return hash.digest("hex").slice(0, 12);
}

/**
 * A folder to be copied that holds the programs as their version names them, and nothing else: no .DS_Store, no compiled
 * files, no other line ends. It has a fixed place, because Pulumi's state names it.
 */
export function hostProgramsCopy(
  folder = sources,
  cache = join(root, "node_modules", ".cache", "bbb-cluster"),
): string {
  const place = join(cache, hostProgramsVersion(folder));
  const copy = join(place, "bbb_cluster");
  const wanted = programsIn(folder);
  if (!isCopy(copy, wanted)) {
    mkdirSync(cache, { recursive: true });
    const fresh = mkdtempSync(`${place}.`);
    for (const { path, text } of wanted) {
      const file = join(fresh, "bbb_cluster", path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
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

function isCopy(copy: string, wanted: readonly Program[]): boolean {
  try {
    const there = filesIn(copy).map((path) => ({ path, text: readFileSync(join(copy, path), "utf8") }));
    return JSON.stringify(there) === JSON.stringify(wanted);
  } catch {
    return false;
  }
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
