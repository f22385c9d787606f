import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

const mark = ".laid-by-bbb-cluster";

/** Tells a plugin that was laid here by this project, and may be replaced, from one of the operator's own. */
export function isLaidByUs(program: string): boolean {
  return existsSync(join(dirname(program), mark));
}

/**
 * Lays a program where Pulumi looks for it, and replaces in one step what lies there if it is another one.
 * The folder is a real one because the engine passes over symbolic links.
 */
export function installProgram(source: string, target: string): void {
  const folder = dirname(target);
  // A mark of an interrupted installation, for which the engine would ignore the plugin.
  rmSync(`${folder}.partial`, { force: true });
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(folder);
  if (isSameProgram(source, target)) return;
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(join(dirname(folder), ".installing-"));
  try {
    const fresh = join(scratch, basename(target));
    linkOrCopy(source, fresh);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, mark), "");
    renameSync(fresh, target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function isSameProgram(source: string, target: string): boolean {
  const there = statSync(target, { throwIfNoEntry: false });
  if (!there) return false;
  const wanted = statSync(source);
  const sameFile = there.ino === wanted.ino && there.dev === wanted.dev;
  return sameFile || (there.size === wanted.size && readFileSync(source).equals(readFileSync(target)));
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    // Another file system, or somebody else's file.
    copyFileSync(source, target, constants.COPYFILE_FICLONE);
  }
}
