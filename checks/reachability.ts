import { type Check, NotChecked, seen, unless } from "./check";
import { type Cluster, type ClusterMachine, machinesOf } from "./cluster";
import { tryPort, type Vantage } from "./vantage";

/** Which ports of every machine a user reaches, and that private addresses are out of reach. */
export function reachabilityChecks(cluster: Cluster, vantage: Vantage): Check[] {
  return machinesOf(cluster).flatMap((machine) => [
    ...([4, 6] as const).flatMap((family) =>
      [openCheck(machine, family), sshCheck(machine, family), closedCheck(machine, family)].map((check) =>
        unless(vantage.lacks(family), check),
      ),
    ),
    privateCheck(machine),
  ]);
}

function openCheck({ name, hostname }: ClusterMachine, family: 4 | 6): Check {
  return {
    name: `${name}: ports 80 and 443 over IPv${family}`,
    expected: "open for users",
    async run() {
      const outcomes = await Promise.all([80, 443].map((port) => tryPort(hostname, port, family)));
      return seen(
        outcomes.every((outcome) => outcome === "open"),
        outcomes.join(" and "),
      );
    },
  };
}

function sshCheck({ name, hostname }: ClusterMachine, family: 4 | 6): Check {
  return {
    name: `${name}: port 22 over IPv${family}`,
    expected: "filtered for users",
    async run() {
      const outcome = await tryPort(hostname, 22, family);
      if (outcome === "open") throw new NotChecked("it is open to this machine, which is among adminCidrs");
      return seen(outcome === "silent", outcome);
    },
  };
}

function closedCheck({ name, hostname }: ClusterMachine, family: 4 | 6): Check {
  return {
    name: `${name}: port 42424 over IPv${family}`,
    expected: "filtered for users",
    async run() {
      const outcome = await tryPort(hostname, 42424, family);
      return seen(outcome === "silent", outcome);
    },
  };
}

function privateCheck({ name, privateAddress }: ClusterMachine): Check {
  return unless(privateAddress === null && "the stack does not know it", {
    name: `${name}: private address`,
    expected: `${privateAddress} out of reach for users`,
    async run() {
      const outcomes = await Promise.all([443, 22].map((port) => tryPort(privateAddress ?? "", port)));
      return seen(!outcomes.some((outcome) => ["open", "ECONNREFUSED"].includes(outcome)), outcomes.join(", "));
    },
  });
}
