import { promises as dns } from "node:dns";

import { type Check, seen, unless } from "./check";
import { absentNodes, type Cluster, type ClusterMachine, machinesOf } from "./cluster";

/** A, AAAA and PTR of every machine, and nothing for nodes that are not there. */
export function nameChecks(cluster: Cluster): Check[] {
  const machines = machinesOf(cluster);
  const [proxy] = cluster.proxies;
  return [
    ...machines.flatMap((machine) => [addressCheck(machine, 4), addressCheck(machine, 6)]),
    ...(proxy ? absentNodes(cluster).map((node) => absenceCheck(node, proxy)) : []),
  ];
}

function addressCheck(machine: ClusterMachine, family: 4 | 6): Check {
  const type = family === 4 ? "A" : "AAAA";
  const wanted = family === 4 ? machine.ipv4 : machine.ipv6;
  return unless(wanted === null && "the stack does not know the address", {
    name: `${machine.name}: ${type} and its PTR`,
    expected: `${machine.hostname} ${type} ${wanted}, whose PTR leads back`,
    async run() {
      const addresses = family === 4 ? await dns.resolve4(machine.hostname) : await dns.resolve6(machine.hostname);
      const names = await Promise.all(addresses.map((address) => dns.reverse(address)));
      const right = addresses.length === 1 && sameAddress(addresses[0] ?? "", wanted ?? "");
      const back = names.every((list) => list.includes(machine.hostname));
      return seen(right && back, `${addresses.join(", ")} with PTR ${names.flat().join(", ")}`);
    },
  });
}

function absenceCheck(node: string, proxy: ClusterMachine): Check {
  const hostname = proxy.hostname.replace(/^[^.]+/, node);
  return {
    name: `${node}: absent`,
    expected: `${hostname} does not resolve`,
    async run() {
      const [v4, v6] = await Promise.all([lookup(hostname, "A"), lookup(hostname, "AAAA")]);
      return seen(v4 === "ENOTFOUND" && v6 === "ENOTFOUND", `A ${v4}, AAAA ${v6}`);
    },
  };
}

async function lookup(hostname: string, type: "A" | "AAAA"): Promise<string> {
  try {
    return (await dns.resolve(hostname, type)).join(", ");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

function sameAddress(left: string, right: string): boolean {
  const canonical = (address: string) => (address.includes(":") ? new URL(`http://[${address}]`).hostname : address);
  return canonical(left) === canonical(right);
}
