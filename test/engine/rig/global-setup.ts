import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

import { killChildren, killThoseWith } from "./processes";
import { prepareWorkshop, pulumiHome, type Workshop } from "./workshop";

declare module "vitest" {
  interface ProvidedContext {
    workshop: Workshop;
  }
}

/** Gets Pulumi and an empty stack once for all test files; afterwards nothing of them is left, files or processes. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "bbb-cluster-engine-"));
  const clean = () => {
    killThoseWith(`PULUMI_HOME=${pulumiHome(folder)}`);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  // Also when the tests are given up; their workers would go on.
  process.once("exit", () => {
    killChildren();
    clean();
  });
  for (const signal of ["SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
  try {
    project.provide("workshop", await prepareWorkshop(folder));
    return clean;
  } catch (error) {
    clean();
    throw error;
  }
}
