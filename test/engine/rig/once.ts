import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject, vi } from "vitest";

/** Makes something once for all test files, whichever process they run in; what it is has to be JSON. */
export async function once<Made>(what: unknown, make: () => Promise<Made>): Promise<Made> {
  const name = createHash("sha256").update(JSON.stringify(what)).digest("hex").slice(0, 16);
  const file = join(inject("workshop").folder, `once-${name}.json`);
  const lock = `${file}.lock`;
  // Whoever waits tries it again if the other has failed.
  await vi.waitUntil(() => existsSync(file) || take(lock), { timeout: 300_000 });
  if (!existsSync(file)) {
    try {
      writeFileSync(`${file}.new`, JSON.stringify(await make()));
      renameSync(`${file}.new`, file);
    } finally {
      rmdirSync(lock);
    }
  }
  return JSON.parse(readFileSync(file, "utf8")) as Made;
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}
