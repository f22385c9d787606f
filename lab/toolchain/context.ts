import { homedir } from "node:os";
import { join } from "node:path";

/** What every step needs to know: the caller's environment, where things are kept and where to report. */
export interface Context {
  env: NodeJS.ProcessEnv;
  cacheDir: string;
  /** Where the Go modules are. */
  sourceDir: string;
  /** Where to look for Go after PATH, which often lacks it under sudo. */
  goFolders: string[];
  progress: (line: string) => void;
}

/** The context of this process; the Go modules are looked for in `sourceDir`. */
export function processContext(sourceDir: string, progress: (line: string) => void): Context {
  const { env } = process;
  return { env, cacheDir: defaultCacheDir(env), sourceDir, goFolders: ["/usr/local/go/bin"], progress };
}

/** A failure that the operator can do something about; its message says what. */
export class ToolchainError extends Error {}

/** The operator's home folder. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  const { HOME } = env;
  return HOME || homedir();
}

/** The folder in which artefacts are kept when the caller names none. */
export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  const { BBB_CLUSTER_CACHE, XDG_CACHE_HOME } = env;
  const root = BBB_CLUSTER_CACHE || join(XDG_CACHE_HOME || join(homeOf(env), ".cache"), "bbb-cluster");
  return join(root, "toolchain");
}
