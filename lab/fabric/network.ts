import { existsSync } from "node:fs";

import { addresses } from "./addresses";
import {
  type GuestNic,
  type IpLines,
  type LinkedMachine,
  linkName,
  machineLink,
  networkName,
  privateLink,
  publicLink,
} from "./links";
import { run } from "./shell";

const user = publicLink({
  link: "users",
  macAddress: "96:00:ff:ff:ff:64",
  ipv4: addresses.user.ipv4,
  ipv6: { address: `${addresses.user.ipv6}/64`, prefix: "2001:db8:ffff:100::/64" },
});

/** Prepares the fabric's own namespace: the lab's addresses, forwarding, and the namespace of the lab's internet user. */
export async function prepareNetwork(): Promise<void> {
  const { operator, dns, acme, balancer, storageBox, packages } = addresses;
  await settings(null, { "ipv4/ip_forward": 1, "ipv6/conf/all/forwarding": 1, "ipv6/conf/default/accept_dad": 0 });
  // On lo and not on a dummy link, a type of link that not every kernel has.
  await ip([
    "link set lo up",
    ...[operator, dns, acme, balancer, storageBox, packages].flatMap(({ ipv4, ipv6 }) => [
      `addr add ${ipv4}/32 dev lo`,
      `addr add ${ipv6}/128 dev lo nodad`,
    ]),
  ]);
  await connectGuest("users", user);
}

/** Gives the machine a namespace with its public link and private NICs, as if the cables had just been put in. */
export async function connect(machine: LinkedMachine, nics: readonly GuestNic[]): Promise<void> {
  await disconnect(machine.id, nics);
  await connectGuest(linkName(machine.id), machineLink(machine));
  for (const nic of nics) await plug(machine.id, nic);
}

/** Takes the machine's links and namespace away; fine if there are none. */
export async function disconnect(id: number, nics: readonly GuestNic[]): Promise<void> {
  const link = linkName(id);
  for (const nic of nics) await unplug(id, nic);
  // /sys still lists the links of who mounted it. The link by itself goes at once, with its routes: those of a namespace go
  // some time later, when the address may have been given to another machine.
  if (existsSync(`/proc/sys/net/ipv4/conf/${link}`)) await ip([`link del ${link}`]);
  if (existsSync(`/run/netns/${link}`)) await ip([`netns del ${link}`]);
}

/** Puts a private NIC into the machine's namespace; the network comes into being with its first machine. */
export async function plug(id: number, nic: GuestNic): Promise<void> {
  const network = networkName(nic.networkId);
  if (!existsSync(`/run/netns/${network}`)) {
    await ip([`netns add ${network}`]);
    await settings(network, { "ipv4/ip_forward": 1 });
  }
  const { fabric, router, guest } = privateLink(id, nic);
  await ip(fabric);
  await ip(router, network);
  await ip(guest, linkName(id));
}

/** Takes a private NIC away, and its network with the last one; fine if it is not there. */
export async function unplug(id: number, nic: GuestNic): Promise<void> {
  const network = networkName(nic.networkId);
  if (!existsSync(`/run/netns/${network}`)) return;
  const found: { ifname: string }[] = JSON.parse(
    await run("ip", ["-n", network, "-j", "link", "show", "type", "veth"]),
  );
  const links = found.map(({ ifname }) => ifname);
  if (links.includes(linkName(id))) await ip([`link del ${linkName(id)}`], network);
  if (links.every((link) => link === linkName(id))) await ip([`netns del ${network}`]);
}

async function connectGuest(namespace: string, { fabric, guest }: IpLines): Promise<void> {
  await ip(fabric);
  await settings(namespace, {
    "ipv4/ip_forward": 0,
    "ipv6/conf/default/accept_dad": 0,
    "ipv6/conf/eth0/accept_dad": 0,
  });
  await ip(guest, namespace);
}

async function ip(lines: string[], namespace?: string): Promise<void> {
  const where = namespace === undefined ? [] : ["-n", namespace];
  await run("ip", [...where, "-batch", "-"], `${lines.join("\n")}\n`);
}

async function settings(namespace: string | null, values: Record<string, number>): Promise<void> {
  const script = Object.entries(values).map(([name, value]) => `echo ${value} > /proc/sys/net/${name}`);
  const command = ["sh", "-ec", script.join("\n")];
  if (namespace === null) await run("sh", command.slice(1));
  else await run("ip", ["netns", "exec", namespace, ...command]);
}
