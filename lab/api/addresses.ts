import { isIPv4, isIPv6 } from "node:net";

/** An IPv4 range: first address as a number, prefix length. */
export interface Range {
  first: number;
  prefix: number;
}

/** The number of an IPv4 address. */
export function ipv4Number(ip: string): number {
  return ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The IPv4 address of a number. */
export function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

/** The IPv4 range written as `10.0.0.0/16`, undefined if it is none or has host bits set. */
export function parseRange(text: string): Range | undefined {
  const [ip = "", prefix = ""] = text.split("/");
  if (!isIPv4(ip) || !/^\d{1,2}$/.test(prefix) || Number(prefix) > 32) return undefined;
  const range = { first: ipv4Number(ip), prefix: Number(prefix) };
  return range.first % rangeSize(range) === 0 ? range : undefined;
}

/** How many addresses a range has. */
export function rangeSize(range: Range): number {
  return 2 ** (32 - range.prefix);
}

/** Whether the first range holds the whole second one. */
export function holds(outer: Range, inner: Range): boolean {
  return inner.first >= outer.first && inner.first + rangeSize(inner) <= outer.first + rangeSize(outer);
}

/** Whether two ranges share an address. */
export function overlap(a: Range, b: Range): boolean {
  return holds(a, { first: b.first, prefix: 32 }) || holds(b, { first: a.first, prefix: 32 });
}

/** The shortest lower-case form of an IPv6 address. */
export function canonicalIpv6(ip: string): string {
  return new URL(`http://[${ip}]`).hostname.slice(1, -1);
}

/** A source or destination of a firewall rule in canonical form, host bits cleared; undefined if it is no CIDR. */
export function canonicalCidr(text: string): string | undefined {
  const [ip = "", prefixText = ""] = text.split("/");
  const prefix = Number(prefixText);
  if (!/^\d{1,3}$/.test(prefixText)) return undefined;
  if (isIPv4(ip) && prefix <= 32) {
    const size = 2 ** (32 - prefix);
    return `${ipv4Text(Math.floor(ipv4Number(ip) / size) * size)}/${prefix}`;
  }
  if (!isIPv6(ip) || prefix > 128) return undefined;
  const groups = ipv6Groups(ip).map((group, index) => group & mask(prefix - index * 16));
  return `${canonicalIpv6(groups.map((group) => group.toString(16)).join(":"))}/${prefix}`;
}

function mask(bits: number): number {
  const kept = Math.max(0, Math.min(16, bits));
  return 0xffff - (2 ** (16 - kept) - 1);
}

function ipv6Groups(ip: string): number[] {
  const [head = "", tail] = canonicalIpv6(ip).split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = new Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
}

/** Whether an IPv6 address lies in a /64 written as `a::/64`. */
export function inIpv6Network(ip: string, network: string): boolean {
  return isIPv6(ip) && canonicalCidr(`${ip}/64`) === network;
}

/** The name under in-addr.arpa or ip6.arpa that carries an address's PTR record, absolute. */
export function reverseZoneName(ip: string): string {
  if (isIPv4(ip)) return `${ip.split(".").reverse().join(".")}.in-addr.arpa.`;
  const digits = ipv6Groups(ip).map((group) => group.toString(16).padStart(4, "0"));
  return `${[...digits.join("")].reverse().join(".")}.ip6.arpa.`;
}

/** The name an IPv4 address has as long as nobody sets another. */
export function defaultReverseName(ip: string): string {
  return `static.${ip.split(".").reverse().join(".")}.clients.your-server.de`;
}

const ipv4Pool = Array.from({ length: 241 }, (_, index) => `203.0.113.${index + 10}`);
const ipv6Pool = Array.from({ length: 0xffe }, (_, index) => `2001:db8:${(index + 1).toString(16)}::/64`);

/** A free public address; `turn` spreads them, so that an address just given back is not the next one given. */
export function freePublicAddress(type: "ipv4" | "ipv6", turn: number, taken: Set<string>): string | undefined {
  const pool = type === "ipv4" ? ipv4Pool : ipv6Pool;
  const start = turn % pool.length;
  return [...pool.slice(start), ...pool.slice(0, start)].find((ip) => !taken.has(ip));
}
