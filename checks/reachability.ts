import { connect } from "node:net";

import { type Check, seen } from "./check";
import type { Cluster, ClusterMachine } from "./cluster";

const silenceMilliseconds = 1500;

/** What a TCP port says: `open`, `silent` (nothing came back: filtered) or the error's code. */
export function tryPort(
  host: string,
  port: number,
  family?: 4 | 6,
  milliseconds = silenceMilliseconds,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(family ? { host, port, family } : { host, port });
    const finish = (outcome: string) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.setTimeout(milliseconds, () => finish("silent"));
    socket.on("connect", () => finish("open"));
    socket.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
  });
}

/** Which ports of every machine a user reaches, and that private addresses are out of reach. */
export function reachabilityChecks({ frontDoor, nodes }: Cluster): Check[] {
  return [frontDoor, ...nodes].flatMap((machine) => [
    portsCheck(machine, [80, 443], "open"),
    portsCheck(machine, [22, 42424], "silent"),
    privateCheck(machine),
  ]);
}

function portsCheck({ name, hostname }: ClusterMachine, ports: number[], wanted: "open" | "silent"): Check {
  return {
    name: `${name}: ports ${ports.join(" and ")}`,
    expected: `${wanted === "open" ? "open" : "filtered"} for users, over IPv4 and IPv6`,
    async run() {
      const tries = ports.flatMap((port) => ([4, 6] as const).map((family) => ({ port, family })));
      const outcomes = await Promise.all(tries.map(({ port, family }) => tryPort(hostname, port, family)));
      return seen(
        outcomes.every((outcome) => outcome === wanted),
        tries.map(({ port, family }, index) => `${port}/IPv${family} ${outcomes[index]}`).join(", "),
      );
    },
  };
}

function privateCheck({ name, privateIp }: ClusterMachine): Check {
  return {
    name: `${name}: private address`,
    expected: `${privateIp} out of reach for users`,
    async run() {
      const outcomes = await Promise.all([443, 22].map((port) => tryPort(privateIp, port)));
      return seen(!outcomes.some((outcome) => ["open", "ECONNREFUSED"].includes(outcome)), outcomes.join(", "));
    },
  };
}
