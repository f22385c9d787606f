import { defineCommand } from "citty";

import { readSettings } from "../fabric/settings";
import { quote } from "../fabric/shell";
import { provideToolchain, stackEnvironment, stackPath } from "../stack/environment";
import { labArgs, runningLab } from "./command";

/** Shell text that sets the variables. */
export function renderExports(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join("");
}

/** `env`: prints shell exports after which plain pulumi, hcloud, ssh, curl and `npm run verify` act inside the lab. */
export const command = defineCommand({
  meta: { name: "env", description: 'print shell exports: eval "$(npm run -s lab -- env)"' },
  args: labArgs,
  async run({ args }) {
    const lab = runningLab(args);
    const settings = await readSettings(lab);
    if (settings === undefined) throw new Error(`the lab "${lab.name}" is gone; start it with: npm run lab -- up`);
    await provideToolchain(lab, () => {});
    const PATH = stackPath(lab, process.env["PATH"] ?? "", true);
    process.stdout.write(renderExports({ ...stackEnvironment(lab, settings), PATH }));
    return 0;
  },
});
