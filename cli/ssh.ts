import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { Cluster } from "../checks/cluster";
import { plainText } from "../checks/plain-text";
import { UsageError } from "./command-line";
import { ExecuteError, execute } from "./execute";

const usualSeconds = 120;
const mostBytes = 1_000_000;

/** Runs a command on a machine by its name; resolves to what it printed, rejects with a sentence that is safe to show. */
export type Ssh = (machine: string, command: string, more?: SshCall) => Promise<string>;

/** What the command reads, options that count before those of the ssh_config, and how long it may take (120 s). */
export interface SshCall {
  input?: string;
  options?: readonly string[];
  seconds?: number;
}

/** Options of all commands that use SSH. */
export const sshArgs = {
  "ssh-config": {
    type: "string",
    valueHint: "FILE",
    description: "how to reach the machines, before the stack's output ssh (default: $BBB_CLUSTER_SSH_CONFIG)",
  },
} as const;

/** Does the work with a way to run commands on the machines: by the given ssh_config and the stack's own; null where there is none. */
export function withSsh<T>(
  cluster: Pick<Cluster, "ssh">,
  given: string | undefined,
  work: (ssh: Ssh | null) => Promise<T>,
): Promise<T> {
  return withConfig(cluster, given, (config) => work(config === null ? null : sshWith(config)));
}

async function withConfig<T>(
  cluster: Pick<Cluster, "ssh">,
  given: string | undefined,
  work: (config: string | null) => Promise<T>,
): Promise<T> {
  const chosen = given ?? process.env["BBB_CLUSTER_SSH_CONFIG"];
  refuseMissing(chosen);
  if (cluster.ssh === null) return work(chosen || null);
  const folder = mkdtempSync(join(tmpdir(), "bbb-cluster-"));
  try {
    const config = join(folder, "ssh_config");
    // The first word on a host counts: the given file's, and of nodes that it does not know yet the stack's.
    writeFileSync(config, chosen ? `Include "${resolve(chosen)}"\n${cluster.ssh}` : cluster.ssh);
    return await work(config);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An Include of what is not there is passed over in silence. */
function refuseMissing(config: string | undefined): void {
  if (!config || existsSync(config)) return;
  throw new UsageError(`the ssh_config ${config} cannot be read: give --ssh-config another one, or none`);
}

/** The same for work that cannot be done without; `command` is for what is to run beside it. */
export function withReach<T, C extends Pick<Cluster, "ssh">>(
  cluster: C,
  given: string | undefined,
  work: (reach: { cluster: C; ssh: Ssh; command: SshCommand }) => Promise<T>,
): Promise<T> {
  return withConfig(cluster, given, (config) => {
    if (config === null) throw new Error("the stack does not know its output ssh: give --ssh-config");
    return work({ cluster, ssh: sshWith(config), command: sshCommand(config) });
  });
}

function sshWith(config: string): Ssh {
  return async (machine, command, { input = "", options = [], seconds = usualSeconds } = {}) => {
    const [program, args] = sshCommand(config, options)(machine, command);
    try {
      return await execute(program, args, { input, bytes: mostBytes, seconds });
    } catch (error) {
      if (!(error instanceof ExecuteError)) throw error;
      // A machine's own words are no more to be trusted than its answer.
      throw new Error(plainText(error.said.split(/[\r\n]+/).at(-1) || error.message, 300));
    }
  };
}

/** The program and its arguments by which a command is run on a machine. */
export type SshCommand = (machine: string, command: string) => [program: string, args: string[]];

function sshCommand(config: string, first: readonly string[] = []): SshCommand {
  const usual = ["BatchMode=yes", "ConnectTimeout=15", "ServerAliveInterval=15"];
  const options = [...first, ...usual].flatMap((option) => ["-o", option]);
  return (machine, command) => ["ssh", ["-F", config, ...options, "--", machine, command]];
}
