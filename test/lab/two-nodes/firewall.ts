import { describe, expect, test } from "vitest";

import type { LabUnderTest } from "../lab";
import { succeeded } from "../outcome";

/** The TCP ports of private addresses that a machine reaches, of those that something listens on somewhere. */
async function scan(lab: LabUnderTest, machine: string): Promise<string> {
  const program = `
import socket
from concurrent.futures import ThreadPoolExecutor
hosts = ("10.0.1.2", "10.0.1.11", "10.0.1.12")
ports = (22, 80, 81, 82, 443, 3306, 3478, 5432, 6379, 7880, 8090)
places = [(host, port) for host in hosts for port in ports]
def is_open(place):
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(place) == 0
with ThreadPoolExecutor(len(places)) as pool:
    for place, found in zip(places, pool.map(is_open, places)):
        if found:
            print(*place)
`;
  const { stdout } = await lab.lab("exec", machine, "--", "python3", "-c", program);
  return stdout;
}

export function firewall(lab: LabUnderTest): void {
  describe.sequential("inside of the private network, where Hetzner's firewalls do not act", () => {
    test("a compromised node sees nothing of the proxy and of other nodes", async () => {
      const itself = "10.0.1.11";
      const seen = (await scan(lab, "bbb-01")).split("\n").filter((line) => line !== "" && !line.startsWith(itself));
      expect(seen).toEqual([]);
    });

    test("the proxy reaches the nodes' HTTPS and nothing else of them", async () => {
      const seen = (await scan(lab, "bbb")).split("\n").filter((line) => line.startsWith("10.0.1.1"));
      expect(seen).toEqual(["10.0.1.11 443", "10.0.1.12 443"]);
    });

    test("who has left loses access with the next up, and who has come has it", async () => {
      const leaver = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE leaver";
      const keys = async () => (await lab.lab("exec", "bbb-01", "--", "cat", "/root/.ssh/authorized_keys")).stdout;
      await lab.shell(`pulumi config set --path 'sshPublicKeys[1]' '${leaver}'; pulumi up --yes --skip-preview`);
      expect(await keys()).toContain("leaver");
      await lab.shell("pulumi config rm --path 'sshPublicKeys[1]'; pulumi up --yes --skip-preview");
      expect(await keys()).not.toContain("leaver");
      await succeeded(lab.lab("verify"));
    });
  });
}
