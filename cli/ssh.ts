import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { Cluster } from "../checks/cluster";
import { plainText } from "../checks/plain-text";
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
export async function withSsh<T>(
  cluster: Pick<Cluster, "ssh">,
  given: string | undefined,
  work: (ssh: Ssh | null) => Promise<T>,
): Promise<T> {
  const chosen = given ?? process.env["BBB_CLUSTER_SSH_CONFIG"];
  if (cluster.ssh === null) return work(chosen ? sshWith(chosen) : null);
  const folder = mkdtempSync(join(tmpdir(), "bbb-cluster-"));
  try {
    const config = join(folder, "ssh_config");
    // The first word on a host counts: the given file's, and of nodes that it does not know yet the stack's.
    writeFileSync(config, chosen ? `Include "${resolve(chosen)}"\n${cluster.ssh}` : cluster.ssh);
    return await work(sshWith(config));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same for work that cannot be done without. */
export function withReach<T, C extends Pick<Cluster, "ssh">>(
  cluster: C,
  given: string | undefined,
  work: (reach: { cluster: C; ssh: Ssh }) => Promise<T>,
): Promise<T> {
  return withSsh(cluster, given, (ssh) => {
    if (ssh === null) throw new Error("the stack does not know its output ssh: give --ssh-config");
    return work({ cluster, ssh });
  });
}

function sshWith(config: string): Ssh {
  const options = ["-F", config, "-o", "BatchMode=yes", "-o", "ConnectTimeout=15", "-o", "ServerAliveInterval=15"];
  return async (machine, command, { input = "", options: first = [], seconds = usualSeconds } = {}) => {
    const args = [...first.flatMap((option) => ["-o", option]), ...options, "--", machine, command];
    try {
      return await execute("ssh", args, { input, bytes: mostBytes, seconds });
    } catch (error) {
      if (!(error instanceof ExecuteError)) throw error;
      // A machine's own words are no more to be trusted than its answer.
      throw new Error(plainText(error.said.split(/[\r\n]+/).at(-1) || error.message, 300));
    }
  };
}
