import { isReady } from "../fabric/instance";
import { readSettings } from "../fabric/settings";
import { quote } from "../fabric/shell";
import { provideToolchain, stackEnvironment, stackPath } from "../stack/environment";
import { type Command, UsageError } from "./command";

/** Shell text that sets the variables. */
export function renderExports(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join("");
}

/** `env`: prints shell exports after which plain pulumi, hcloud, ssh and curl act inside the lab. */
export const command: Command = {
  name: "env",
  summary: "print shell exports",
  usage: 'env    (as in: eval "$(npm run -s lab -- env)")',
  async run(args, lab) {
    if (args.length > 0) throw new UsageError(`env takes no arguments, got ${args.join(" ")}`);
    const settings = await readSettings(lab);
    if (settings === undefined || !isReady(lab)) {
      throw new Error(`the lab "${lab.name}" is down; start it with: npm run lab -- up`);
    }
    await provideToolchain(lab, () => {});
    const PATH = stackPath(lab, process.env["PATH"] ?? "", true);
    process.stdout.write(renderExports({ ...stackEnvironment(lab, settings), PATH }));
    return 0;
  },
};
