import { join, resolve } from "node:path";

import { inLab } from "../fabric/inside";
import { readSettings } from "../fabric/settings";
import type { Lab } from "../paths";
import { operatorEnvironment } from "./environment";

const repo = resolve(__dirname, "..", "..");

/** Runs one of the administrator's commands (`cli/`) as the lab's operator; resolves to its exit status. */
export async function administer(lab: Lab, args: string[]): Promise<number> {
  const settings = await readSettings(lab);
  if (settings === undefined) throw new Error(`there is no lab "${lab.name}"; start it with: npm run lab -- up`);
  // Pulumi looks for its project where it is started.
  process.chdir(repo);
  const argv = [process.execPath, "--require", require.resolve("tsx/cjs"), join(repo, "cli", "main.ts"), ...args];
  const env = { ...operatorEnvironment(lab, settings), NODE_EXTRA_CA_CERTS: lab.caCertificates };
  return inLab(lab, argv, { cleanEnv: true, env });
}
