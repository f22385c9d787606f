import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { embedded } from "./artefacts";
import { processContext, ToolchainError } from "./context";
import { findGo } from "./go";
import { Workshop } from "./workshop";

/** `go vet` for the hcloud plugin, whose modules the build has brought; the command plugin's tests do it themselves. */
async function main(): Promise<void> {
  const context = processContext(__dirname, (line) => void process.stderr.write(`${line}\n`));
  const go = await findGo(context);
  if (go === undefined) throw new ToolchainError("go vet needs Go; run: apt-get install golang-go");
  const dir = mkdtempSync(join(tmpdir(), "vet-"));
  try {
    const workshop = new Workshop(context, go, dir, join(dir, "log"));
    workshop.bring("hcloud-plugin");
    for (const file of Object.values(embedded(workshop))) writeFileSync(file, "{}\n");
    await workshop.vet("hcloud-plugin");
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
