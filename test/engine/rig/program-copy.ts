import { cpSync, mkdtempSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

import { repository } from "./open";

/** The program in a folder of its own, so that it can be changed. */
export function copyOfProgram(): string {
  const folder = mkdtempSync(join(inject("workshop").folder, "program-"));
  for (const part of [
    "index.ts",
    "package.json",
    "tsconfig.json",
    "Pulumi.yaml",
    "config",
    "plan",
    "components",
    "host",
  ]) {
    cpSync(join(repository, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  return folder;
}
