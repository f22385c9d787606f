import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The folder of programs that run on the machines. */
export const hostProgramsFolder = join(__dirname, "..", "host", "bbb_cluster");

/** A version of the programs in a folder: the first 12 hex digits of a hash over names and contents. */
export function hostProgramsVersion(folder = hostProgramsFolder): string {
  const hash = createHash("sha256");
  for (const path of sourceFiles(folder)) {
    hash
      .update(`${relative(folder, path)}\0`)
      .update(readFileSync(path))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 12);
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? sourceFiles(join(folder, entry.name)) : [join(folder, entry.name)]))
    .filter((path) => path.endsWith(".py"))
    .sort();
}
