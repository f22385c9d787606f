import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { withLock } from "../lock";

/** The folder, outside the repository, that keeps what is slow to build: base images and package repositories. */
export function imageCache(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env["BBB_CLUSTER_CACHE"] ?? join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "bbb-cluster");
  return join(cache, "lab");
}

/** The finished folder `name` of the cache, or undefined when it has not been built yet. */
export function cached(name: string): string | undefined {
  const path = join(imageCache(), name);
  return existsSync(path) ? path : undefined;
}

/** Builds the cache folder `name` beside its place and renames it when `build` succeeds, so that it is whole or absent. */
export async function buildCached(name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const path = join(imageCache(), name);
  const temporary = `${path}.tmp-${process.pid}`;
  mkdirSync(temporary, { recursive: true, mode: 0o755 });
  try {
    await build(temporary);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return path;
}

/** Runs `work` while this process alone may build; folders that a killed build left behind are removed first. */
export async function withBuildLock<T>(progress: (line: string) => void, work: () => Promise<T>): Promise<T> {
  const cache = imageCache();
  mkdirSync(cache, { recursive: true });
  return withLock(
    cache,
    () => progress("waiting for another run that is building the images"),
    () => {
      for (const name of readdirSync(cache)) {
        if (/\.tmp-\d+$/.test(name)) rmSync(join(cache, name), { recursive: true, force: true });
      }
      return work();
    },
  );
}
