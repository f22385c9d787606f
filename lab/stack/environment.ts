import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { apiEndpoint } from "../fabric/addresses";
import type { Settings } from "../fabric/settings";
import type { Lab } from "../paths";
import { ensureToolchain } from "../toolchain/ensure";

/** Variables that would lead Pulumi or SSH out of the lab. */
const unwanted = ["PULUMI_ACCESS_TOKEN", "SSH_AUTH_SOCK"];

/** Makes sure of Pulumi and its plugins and remembers for the lab where they are; reports one line of what they are. */
export async function provideToolchain(lab: Lab, progress: (line: string) => void): Promise<void> {
  // The lab's own wrapper, first on PATH after `env`, must not be taken for the operator's Pulumi.
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== lab.bin);
  const env = { ...process.env, PATH: folders.join(delimiter) };
  const { bin, description } = await ensureToolchain({ pulumiHome: lab.pulumi.home, progress, env });
  mkdirSync(dirname(toolchainFile(lab)), { recursive: true });
  writeFileSync(toolchainFile(lab), bin);
  progress(description);
}

/** The variables with which plain `pulumi` and `hcloud` act on the lab's stack and cloud. */
export function stackEnvironment(lab: Lab, { token }: Settings): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${lab.pulumi.state}`,
    PULUMI_STACK: lab.name,
    PULUMI_HOME: lab.pulumi.home,
    PULUMI_CONFIG_PASSPHRASE_FILE: lab.pulumi.passphrase,
    // Every flag has such a variable since Pulumi 3.208: the stack's configuration stays out of the repository.
    PULUMI_OPTION_CONFIG_FILE: lab.pulumi.config,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // A machine that fails does not hold up the others.
    PULUMI_CONTINUE_ON_ERROR: "true",
    // Where the administrator's commands find the lab's key.
    BBB_CLUSTER_SSH_CONFIG: lab.ssh.config,
    HCLOUD_TOKEN: token,
    HCLOUD_ENDPOINT: apiEndpoint,
  };
}

/** PATH with the toolchain, and the lab's wrappers before it if wanted. */
export function stackPath(lab: Lab, path: string, withWrappers: boolean): string {
  const file = toolchainFile(lab);
  return pathWith(
    [...(withWrappers ? [lab.bin] : []), ...(existsSync(file) ? [readFileSync(file, "utf8")] : [])],
    path,
  );
}

/** PATH with the folders first, each folder once. */
export function pathWith(folders: readonly string[], path: string): string {
  return [...folders, ...path.split(delimiter).filter((folder) => !folders.includes(folder))].join(delimiter);
}

/** The whole environment of a program that acts on the lab's stack. */
export function operatorEnvironment(lab: Lab, settings: Settings): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([key]) => !unwanted.includes(key)) as [string, string][];
  const path = stackPath(lab, process.env["PATH"] ?? "", false);
  return { ...Object.fromEntries(inherited), ...stackEnvironment(lab, settings), PATH: path };
}

function toolchainFile(lab: Lab): string {
  return join(dirname(lab.pulumi.home), "toolchain");
}
