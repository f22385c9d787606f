import { join } from "node:path";

import { fingerprint } from "../fingerprint";
import type { Artefact } from "./artefacts";
import type { Context } from "./context";
import { isProgram } from "./files";
import { sourceFiles } from "./sources";

/** An artefact that lies ready in the cache. */
export interface Cached {
  dir: string;
  origin: "published" | "built";
}

/**
 * Names what an artefact is built from. The Go that does the building is named by go.mod; a newer one on the machine
 * does not change the key, so that an upgrade of Go, or a shell without it, costs no rebuild.
 */
export function artefactKey({ version, recipe, modules }: Artefact, sourceDir: string): string {
  const folders = modules.map((module) => join(sourceDir, module));
  return fingerprint([version, recipe, process.platform, process.arch], folders, sourceFiles);
}

/** Where an artefact lies when it was built here. */
export function builtDir(context: Context, artefact: Artefact): string {
  const key = artefactKey(artefact, context.sourceDir);
  return join(context.cacheDir, `${artefact.name}-${artefact.version}-${key}`);
}

/** Where an artefact lies when it was downloaded. */
export function publishedDir(context: Context, artefact: Artefact): string {
  const { platform, arch } = process;
  return join(context.cacheDir, `${artefact.name}-${artefact.version}-published-${platform}-${arch}`);
}

/** Looks an artefact up; what its maker published is preferred to what was built here. */
export function findCached(context: Context, artefact: Artefact): Cached | undefined {
  const isWhole = (dir: string) => artefact.programs.every((program) => isProgram(join(dir, program)));
  const published = publishedDir(context, artefact);
  if (isWhole(published)) return { dir: published, origin: "published" };
  const built = builtDir(context, artefact);
  return isWhole(built) ? { dir: built, origin: "built" } : undefined;
}
