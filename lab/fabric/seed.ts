import type { Machine } from "../api/fabric";
import { addresses } from "./addresses";

/** A file that a machine's disk starts with; `path` is relative to its root. */
export interface SeedFile {
  path: string;
  text: string;
}

/** What makes a copy of the base image this machine: its names, its resolver and the seed that cloud-init reads. */
export function seedFiles(machine: Machine): SeedFile[] {
  const seed = "var/lib/cloud/seed/nocloud";
  const metaData = {
    "instance-id": String(machine.id),
    "local-hostname": machine.name,
    "public-keys": machine.sshPublicKeys,
  };
  return [
    { path: `${seed}/user-data`, text: machine.userData },
    { path: `${seed}/meta-data`, text: `${JSON.stringify(metaData, null, 2)}\n` },
    { path: "etc/hostname", text: `${machine.name}\n` },
    { path: "etc/hosts", text: renderHosts(machine.name) },
    { path: "etc/resolv.conf", text: `nameserver ${addresses.dns.ipv4}\n` },
  ];
}

function renderHosts(name: string): string {
  const short = name.split(".")[0];
  return `127.0.0.1\tlocalhost
127.0.1.1\t${short === name ? name : `${name} ${short}`}

::1\tlocalhost ip6-localhost ip6-loopback
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
`;
}
