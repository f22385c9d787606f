import { join } from "node:path";
import { parseArgs } from "node:util";

import { defaultCacheDir, homeOf, ToolchainError } from "./context";
import { ensureToolchain } from "./ensure";

const usage = `Usage: npm run toolchain [-- --pulumi-home DIR]

Makes sure that Pulumi's CLI and the plugins hcloud and command are there:
found on this machine, downloaded, or else built with Go. Prints what was taken
and the folder to put first on PATH.

  --pulumi-home DIR  whose plugins/ folder is filled (default: $PULUMI_HOME, else ~/.pulumi)
  --help             this text

Environment:
  COMMAND_PLUGIN_DIR a folder that holds the pulumi-resource-command to take
  BBB_CLUSTER_CACHE  where downloads and builds are kept (now: ${defaultCacheDir(process.env)})
`;

async function main(): Promise<void> {
  const options = { "pulumi-home": { type: "string" }, help: { type: "boolean", short: "h" } } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const { PULUMI_HOME } = process.env;
  const pulumiHome = values["pulumi-home"] ?? (PULUMI_HOME || join(homeOf(process.env), ".pulumi"));
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  const { bin, description } = await ensureToolchain({ pulumiHome, progress });
  process.stdout.write(`${description}\n${bin}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(
    `${error instanceof ToolchainError || error instanceof TypeError ? error.message : error.stack}\n`,
  );
  process.exitCode = 1;
});
