import { type Check, seen } from "./check";
import type { Cluster, ClusterMachine } from "./cluster";

/** Runs a program where the operator is and returns what it printed; throws when it failed. */
export type Execute = (command: string, args: string[]) => Promise<string>;

/** Every machine shows the operator the host key that the output `ssh` pins. */
export function hostKeyChecks({ frontDoor, nodes }: Cluster, execute: Execute): Check[] {
  return [frontDoor, ...nodes].map((machine) => hostKeyCheck(machine, execute));
}

function hostKeyCheck({ name, hostname, ipv4, hostKeys }: ClusterMachine, execute: Execute): Check {
  return {
    name: `${name}: SSH host key`,
    expected: hostKeys.length > 0 ? `the pinned ${hostKeys.join(" or ")}` : "a key pinned in the output ssh",
    async run() {
      const scanned = await execute("ssh-keyscan", ["-T", "5", "-t", "ed25519", ipv4 ?? hostname]);
      const keys = scanned.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
      const shown = keys.map((line) => line.split(" ").slice(1, 3).join(" "));
      return seen(shown.length > 0 && shown.every((key) => hostKeys.includes(key)), shown.join(", ") || "no key");
    },
  };
}
