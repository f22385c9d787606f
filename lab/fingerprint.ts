import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, join, relative } from "node:path";

/** Paths of all files and symbolic links below `folder`, relative to it and sorted; Python's caches are left out. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes("__pycache__"))
    .sort();
}

/** Sixteen hex digits that change when one of the values, or a file below one of the folders, changes. */
export function fingerprint(values: unknown, folders: readonly string[] = [], filesOf = filesBelow): string {
  const hash = createHash("sha256").update(JSON.stringify(values));
  for (const folder of folders) {
    for (const path of filesOf(folder)) {
      const file = join(folder, path);
      const content = lstatSync(file).isSymbolicLink() ? Buffer.from(readlinkSync(file)) : readFileSync(file);
      hash.update(`${basename(folder)}/${path}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex").slice(0, 16);
}
