import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

import { killFamily } from "./processes";
import { prepareWorkshop, type Workshop } from "./workshop";

declare module "vitest" {
  interface ProvidedContext {
    workshop: Workshop;
  }
}

/** Gets Pulumi and an empty stack once for all test files; afterwards nothing of them is left, files or processes. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "bbb-cluster-engine-"));
  const running = join(folder, "running");
  mkdirSync(running);
  const clean = () => {
    for (const pid of readdirSync(running)) killFamily(Number(pid));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    project.provide("workshop", await prepareWorkshop(folder));
    return clean;
  } catch (error) {
    clean();
    throw error;
  }
}
