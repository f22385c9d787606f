import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { withLock } from "../lock";
import type { Artefact } from "./artefacts";
import { builtDir, type Cached, findCached, publishedDir } from "./cache";
import { type Context, ToolchainError } from "./context";
import { findGo } from "./go";
import { withHeartbeat } from "./heartbeat";
import { Workshop } from "./workshop";

/** Downloads an artefact into a scratch folder and says in which folder its programs lie, if it could. */
export type Download = (scratch: string) => Promise<string | undefined>;

/** Gets an artefact as its maker published it, unless it is in the cache or cannot be had. */
export function download(context: Context, artefact: Artefact, fetch: Download): Promise<Cached | undefined> {
  return intoCache(context, artefact, async (work) => {
    const title = `${artefact.title} ${artefact.version}`;
    context.progress(`${title}: trying to download it`);
    const found = await fetch(work);
    if (found === undefined) {
      context.progress(`${title}: cannot be downloaded here`);
      return undefined;
    }
    return settle(found, { dir: publishedDir(context, artefact), origin: "published" });
  });
}

/** Builds an artefact with Go, unless it is in the cache. */
export async function build(context: Context, artefact: Artefact): Promise<Cached> {
  const cached = await intoCache(context, artefact, async (work) => {
    const go = await findGo(context);
    if (!go) throw new ToolchainError(nothingToBuildWith(artefact));
    const logFile = join(context.cacheDir, `${artefact.name}.log`);
    rmSync(logFile, { force: true });
    const workshop = new Workshop(context, go, work, logFile);
    for (const module of artefact.modules) workshop.bring(module);
    // Before the build, so that an edit made meanwhile is not taken for what was built.
    const target = builtDir({ ...context, sourceDir: join(work, "source") }, artefact);
    const title = `building the ${artefact.title} ${artefact.version} with ${go.version}`;
    await withHeartbeat(context.progress, title, artefact.expected, () => artefact.build(workshop));
    return settle(workshop.products, { dir: target, origin: "built" });
  });
  if (!cached) throw new ToolchainError(`the ${artefact.title} was not built`);
  return cached;
}

type Getting = (work: string) => Promise<Cached | undefined>;

async function intoCache(context: Context, artefact: Artefact, get: Getting): Promise<Cached | undefined> {
  makeCacheDir(context.cacheDir);
  const prefix = `.${artefact.name}-work-`;
  const waiting = () => context.progress(`${artefact.title}: another run is getting it; waiting for that one`);
  return withLock(join(context.cacheDir, artefact.name), waiting, async () => {
    const cached = findCached(context, artefact);
    if (cached) return cached;
    removeLeftovers(context.cacheDir, prefix);
    const work = join(context.cacheDir, `${prefix}${process.pid}`);
    mkdirSync(work);
    try {
      return await get(work);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

function makeCacheDir(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    // Node says ENOENT, too, where a file system is read-only.
    const reason = (error as Error).message;
    throw new ToolchainError(`cannot make the toolchain cache ${dir} (BBB_CLUSTER_CACHE moves it): ${reason}`);
  }
}

/** What a killed run has left behind; whoever holds the lock is the only one at work. */
function removeLeftovers(cacheDir: string, prefix: string): void {
  for (const name of readdirSync(cacheDir)) {
    if (name.startsWith(prefix)) rmSync(join(cacheDir, name), { recursive: true, force: true });
  }
}

/** Puts a finished folder in its place in one step. */
function settle(finished: string, place: Cached): Cached {
  rmSync(place.dir, { recursive: true, force: true });
  renameSync(finished, place.dir);
  return place;
}

function nothingToBuildWith(artefact: Artefact): string {
  return [
    `The ${artefact.title} is missing: it is not installed, it could not be downloaded from here, and there is no Go to build it with.`,
    "Pulumi's engine and its plugins carry out what this program describes, so nothing can run without them. Install one of these, then run this again:",
    "  - Pulumi's CLI, 3.248.0 or newer, on PATH; it downloads its plugins itself where it may;",
    "  - Go, 1.19 or newer (Debian and Ubuntu: apt-get install golang-go); with it everything is built here from Go modules, once, in about 10 minutes.",
  ].join("\n");
}
