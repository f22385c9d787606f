import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { DnsRecord } from "../api/fabric";
import { addresses, infrastructureNames } from "./addresses";
import { Daemon } from "./daemon";
import { Queue } from "./queue";
import { run, succeeded, until } from "./shell";

const control = "/run/unbound-lab.sock";

/** What has to be told to unbound so that it answers with `after` instead of `before`. */
export interface DnsChange {
  /** Names of which all records go first. */
  remove: string[];
  /** Records in zone file notation. */
  add: string[];
}

/** The smallest change between two complete sets of records, name by name; order and duplicates do not matter. */
export function diffRecords(before: readonly DnsRecord[], after: readonly DnsRecord[]): DnsChange {
  const old = linesByName(before);
  const wanted = linesByName(after);
  const remove: string[] = [];
  const add: string[] = [];
  for (const [name, lines] of old) {
    if ([...lines].some((line) => !wanted.get(name)?.has(line))) remove.push(name);
  }
  for (const [name, lines] of wanted) {
    const kept = remove.includes(name) ? undefined : old.get(name);
    add.push(...[...lines].filter((line) => !kept?.has(line)));
  }
  return { remove, add };
}

function linesByName(records: readonly DnsRecord[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const { name, type, ttl, value } of records) {
    const key = name.toLowerCase();
    const lines = names.get(key) ?? new Set();
    names.set(key, lines.add(`${key} ${ttl} IN ${type} ${value}`));
  }
  return names;
}

/** unbound's configuration: it knows what it is told, everything else does not exist. */
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
  local-zone: "." static
  local-data: ". 60 IN SOA dns.lab.test. admin.lab.test. 1 3600 600 86400 60"
remote-control:
  control-enable: yes
  control-interface: ${control}
  control-use-cert: no
`;
}

/** The lab's only DNS server: authority for everything that exists in the lab. */
export class Dns {
  private published: readonly DnsRecord[] = [];
  private told: readonly DnsRecord[] = [];
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
    // AppArmor confines /usr/sbin/unbound to Debian's own folders; it goes by the path of the program.
    const program = join(this.folder, "unbound");
    await rm(program, { force: true });
    await copyFile("/usr/sbin/unbound", program);
    await new Daemon("unbound", program, ["-d", "-c", config], this.log, () => this.refill()).start();
  }

  /** Makes unbound answer with exactly these records, and the lab's own names. */
  publish(records: readonly DnsRecord[]): Promise<void> {
    this.published = records;
    return this.queue.add(() => this.tell());
  }

  private refill(): Promise<void> {
    return this.queue.add(() => {
      this.told = [];
      return this.tell();
    });
  }

  private async tell(): Promise<void> {
    await until("unbound's answer", 10, () => succeeded(command("status")));
    const wanted = [...addressRecords(this.names), ...this.published];
    const { remove, add } = diffRecords(this.told, wanted);
    if (remove.length > 0) await command("local_datas_remove", remove);
    if (add.length > 0) await command("local_datas", add);
    this.told = wanted;
  }
}

function addressRecords(names: Record<string, { ipv4: string; ipv6: string }>): DnsRecord[] {
  return Object.entries(names).flatMap(([name, { ipv4, ipv6 }]) => [
    { name: `${name}.`, type: "A", ttl: 60, value: ipv4 },
    { name: `${name}.`, type: "AAAA", ttl: 60, value: ipv6 },
  ]);
}

async function command(name: string, lines: string[] = []): Promise<void> {
  await run("unbound-control", ["-s", control, name], lines.map((line) => `${line}\n`).join(""));
}
