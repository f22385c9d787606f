import { ensureToolchain } from "../../toolchain/ensure";
import { apiEndpoint } from "../fabric/addresses";
import { isReady } from "../fabric/instance";
import { readSettings } from "../fabric/settings";
import { quote } from "../fabric/shell";
import type { Lab } from "../paths";
import { type Command, UsageError } from "./command";

/** What plain `pulumi` and `hcloud` need in their environment to act in the lab; PATH aside. */
export function labEnvironment(lab: Lab, token: string): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${lab.pulumi.state}`,
    PULUMI_STACK: lab.name,
    PULUMI_CONFIG_PASSPHRASE_FILE: lab.pulumi.passphrase,
    PULUMI_HOME: lab.pulumi.home,
    // Every flag has such a variable; plain `pulumi preview` thus reads the lab's stack file.
    PULUMI_OPTION_CONFIG_FILE: lab.pulumi.config,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    HCLOUD_TOKEN: token,
    HCLOUD_ENDPOINT: apiEndpoint,
  };
}

/** Shell text that sets the variables and puts the folders first on PATH, each once. */
export function renderExports(variables: Record<string, string>, folders: readonly string[], path: string): string {
  const rest = path.split(":").filter((folder) => folder !== "" && !folders.includes(folder));
  const all = { ...variables, PATH: [...folders, ...rest].join(":") };
  return Object.entries(all)
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
    const progress = (line: string) => void process.stderr.write(`${line}\n`);
    const { bin } = await ensureToolchain({ pulumiHome: lab.pulumi.home, progress });
    const path = process.env["PATH"] ?? "";
    process.stdout.write(renderExports(labEnvironment(lab, settings.token), [lab.bin, bin], path));
    return 0;
  },
};
