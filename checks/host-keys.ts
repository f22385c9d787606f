import { type Check, seen, unless } from "./check";
import { type Cluster, type ClusterMachine, machinesOf } from "./cluster";
import type { Vantage } from "./vantage";

/** Runs a program and returns what it printed; throws when it failed. */
export type Execute = (command: string, args: string[]) => Promise<string>;

/** Every machine shows an administrator the host key that the output `ssh` pins. */
export function hostKeyChecks(cluster: Cluster, vantage: Vantage, execute: Execute): Check[] {
  const unknown = cluster.ssh === null && "the stack does not know its output ssh";
  return machinesOf(cluster).map((machine) => unless(unknown, hostKeyCheck(machine, vantage, execute)));
}

function hostKeyCheck(machine: ClusterMachine, vantage: Vantage, execute: Execute): Check {
  const { name, hostname, ipv4, hostKeys } = machine;
  return {
    name: `${name}: SSH host key`,
    expected: hostKeys.length > 0 ? `the pinned ${hostKeys.join(" or ")}` : "a key pinned in the output ssh",
    async run() {
      await vantage.needSsh(machine);
      const scanned = await execute("ssh-keyscan", ["-T", "5", "-t", "ed25519", ipv4 ?? hostname]);
      const keys = scanned.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
      const shown = keys.map((line) => line.split(" ").slice(1, 3).join(" "));
      return seen(shown.length > 0 && shown.every((key) => hostKeys.includes(key)), shown.join(", ") || "no key");
    },
  };
}
