import { readSettings } from "../fabric/settings";
import type { Lab } from "../paths";
import { Pulumi } from "../stack/pulumi";

/** The outputs of the lab's stack, secrets in the clear; throws one sentence when there is no lab or no stack. */
export async function readOutputs(lab: Lab): Promise<unknown> {
  const settings = await readSettings(lab);
  if (settings === undefined) throw new Error(`there is no lab "${lab.name}"; start it with: npm run lab -- up`);
  try {
    const args = ["stack", "output", "--json", "--show-secrets", "--non-interactive"];
    return JSON.parse(await new Pulumi(lab, settings).read(...args));
  } catch (error) {
    throw new Error(`the lab "${lab.name}" has no cluster yet: ${(error as Error).message}; run: npm run lab -- up`);
  }
}
