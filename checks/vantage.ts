import { connect } from "node:net";
import { networkInterfaces } from "node:os";

import { NotChecked } from "./check";
import type { ClusterMachine } from "./cluster";

const silenceMilliseconds = 1500;

/** Why what is asked over IPv6 is not checked where there is none. */
export const withoutIpv6 = "this machine has no IPv6";

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

/** What can be seen from where this runs: a user's machine, or one of those that SSH is open to. */
export class Vantage {
  private readonly sshPorts = new Map<string, Promise<string>>();

  constructor(readonly hasIpv6 = machineHasIpv6()) {}

  /** Why what is asked over this family is not checked, if it is not. */
  lacks(family: 4 | 6): string | false {
    return family === 6 && !this.hasIpv6 && withoutIpv6;
  }

  /** Whether a machine lets this one in by SSH; it is asked once. */
  async hasSsh({ name, ipv4, hostname }: ClusterMachine): Promise<boolean> {
    const asked = this.sshPorts.get(name) ?? tryPort(ipv4 ?? hostname, 22);
    this.sshPorts.set(name, asked);
    return (await asked) !== "silent";
  }

  /** Throws `NotChecked` where a machine does not let this one in by SSH. */
  async needSsh(machine: ClusterMachine): Promise<void> {
    if (!(await this.hasSsh(machine))) throw new NotChecked("SSH is closed to this machine");
  }
}

function machineHasIpv6(): boolean {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(({ family, internal, address }) => family === "IPv6" && !internal && !/^fe80:/i.test(address));
}
