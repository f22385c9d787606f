import { type Program, runProgram } from "../../cli/command-line";
import { command as browser } from "./browser";
import { labArgs } from "./command";
import { command as down } from "./down";
import { command as drift } from "./drift";
import { command as env } from "./env";
import { command as exec } from "./exec";
import { command as fault } from "./fault";
import { command as lab } from "./lab";
import { command as mutate } from "./mutate";
import { command as probe } from "./probe";
import { command as run } from "./run";
import { command as soak } from "./soak";
import { command as status } from "./status";
import { command as up } from "./up";
import { command as verify } from "./verify";
import { command as watch } from "./watch";

/** What `npm run lab` knows. */
export const program: Program = {
  name: "npm run lab --",
  description: [
    "A Hetzner-like cloud on this machine (root on Debian), and the cluster in it.",
    "Without a command: up, verify, and a table of machines and addresses.",
    "",
    "Environment: BBB_LAB_HOME, where labs live (default: /var/lib/bbb-cluster-lab);",
    "BBB_CLUSTER_CACHE, where downloads and builds are kept.",
  ].join("\n"),
  args: labArgs,
  default: "lab",
  commands: { lab, up, status, verify, drift, mutate, browser, watch, probe, soak, exec, run, env, fault, down },
};

/** Runs `npm run lab -- ARGV`; sets the exit status. */
export async function main(argv: string[]): Promise<void> {
  process.exitCode = await runProgram(program, argv);
}
