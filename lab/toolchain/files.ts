import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** Says whether a path is a program that this user may run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Every program of that name on PATH and then in the further folders, in order. */
export function programsNamed(name: string, env: NodeJS.ProcessEnv, furtherFolders: string[] = []): string[] {
  const { PATH } = env;
  const folders = (PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...folders, ...furtherFolders].map((folder) => join(resolve(folder), name)).filter(isProgram);
}
