import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { DnsRecord } from "../api/fabric";
import { addresses, infrastructureNames } from "./addresses";
import { Daemon } from "./daemon";
import { Queue } from "./queue";
import { run, succeeded, until } from "./shell";

const control = "/run/unbound-lab.sock";
const zoneFile = "root.zone";

/**
 * The zone "." of the lab, in zone file notation: a line for each different record. What is not in it does not exist.
 * All zones are one here: with their own NS and SOA they would be other servers' to answer for.
 */
export function renderZone(records: readonly DnsRecord[]): string {
  const lines = records
    .filter(({ type }) => type !== "NS" && type !== "SOA")
    .map(({ name, type, ttl, value }) => `${name.toLowerCase()} ${ttl} IN ${type} ${value}`);
  return [". 60 IN SOA dns.lab.test. admin.lab.test. 1 3600 600 86400 60", ...new Set(lines), ""].join("\n");
}

/** unbound's configuration: it answers from the zone and asks nobody. "test." is a name that it denies otherwise. */
export function renderUnboundConfig(folder: string): string {
  return `server:
  interface: ${addresses.dns.ipv4}
  interface: ${addresses.dns.ipv6}
  access-control: 0.0.0.0/0 allow
  access-control: ::/0 allow
  module-config: "iterator"
  num-threads: 1
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: ""
  use-syslog: no
  logfile: ""
  unblock-lan-zones: yes
  insecure-lan-zones: yes
  local-zone: "test." nodefault
auth-zone:
  name: "."
  zonefile: "${join(folder, zoneFile)}"
  for-upstream: no
remote-control:
  control-enable: yes
  control-interface: ${control}
  control-use-cert: no
`;
}

/** The lab's only DNS server: authority for everything that exists in the lab. */
export class Dns {
  private published: readonly DnsRecord[] = [];
  private readonly queue = new Queue();

  constructor(
    private readonly folder: string,
    private readonly log: (line: string) => void,
    private readonly names: Record<string, { ipv4: string; ipv6: string }> = infrastructureNames,
  ) {}

  /** Starts unbound and resolves when it answers. */
  async start(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const config = join(this.folder, "unbound.conf");
    await writeFile(config, renderUnboundConfig(this.folder));
    await this.writeZone();
    // AppArmor confines /usr/sbin/unbound to Debian's own folders; it goes by the path of the program.
    const program = join(this.folder, "unbound");
    await rm(program, { force: true });
    await copyFile("/usr/sbin/unbound", program);
    await new Daemon("unbound", program, ["-d", "-c", config], this.log, answers).start();
  }

  /** Makes unbound answer with exactly these records, and the lab's own names; no name is away while others change. */
  publish(records: readonly DnsRecord[]): Promise<void> {
    this.published = records;
    return this.queue.add(async () => {
      await this.writeZone();
      await answers();
      await command("auth_zone_reload", ".");
    });
  }

  private async writeZone(): Promise<void> {
    const path = join(this.folder, zoneFile);
    await writeFile(`${path}.new`, renderZone([...addressRecords(this.names), ...this.published]));
    await rename(`${path}.new`, path);
  }
}

function addressRecords(names: Record<string, { ipv4: string; ipv6: string }>): DnsRecord[] {
  return Object.entries(names).flatMap(([name, { ipv4, ipv6 }]) => [
    { name: `${name}.`, type: "A", ttl: 60, value: ipv4 },
    { name: `${name}.`, type: "AAAA", ttl: 60, value: ipv6 },
  ]);
}

async function answers(): Promise<void> {
  await until("unbound's answer", 10, () => succeeded(command("status")));
}

async function command(...words: string[]): Promise<void> {
  await run("unbound-control", ["-s", control, ...words]);
}
