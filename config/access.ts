import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { z } from "zod";

import { mostExtraRules } from "../plan/flows";
import { choice, text } from "./text";

/** The provider refuses more (hcloud_firewall). */
const mostCidrs = 100;

const cidrExpected = "a network such as 198.51.100.0/24 or 2001:db8::/48, without host bits";

const cidr = z.string({ error: cidrExpected }).superRefine((value, context) => {
  const network = networkOf(value);
  if (network !== value.toLowerCase()) {
    context.addIssue({
      code: "custom",
      message: cidrExpected,
      params: network === undefined ? {} : { value: network },
    });
  }
});

/** A list of networks as Hetzner's firewalls take them, or an empty one. */
export const cidrsOrNone = z
  .array(cidr, { error: "a list of CIDRs" })
  .max(mostCidrs, { error: `a list of at most ${mostCidrs} CIDRs` });

/** A list of networks as Hetzner's firewalls take them. */
export const cidrs = cidrsOrNone.min(1, { error: "a list of at least one CIDR" });

const mostWords = 255;
const why = `what it is for, at most ${mostWords} characters`;
const ports = "a port from 1 to 65535 or a range such as 16384-32768";

/** What an administrator opens besides what users need, in Hetzner's firewall and on the machines. */
export const extraRules = z
  .array(
    z.strictObject(
      {
        to: choice("proxy", "node", "balancer", "all"),
        protocol: choice("tcp", "udp"),
        port: z
          .union([z.string(), z.number()], { error: ports })
          .transform(String)
          .refine(isPortRange, { error: ports }),
        from: cidrs,
        why: text(why, /^[^\p{C}]+$/u).max(mostWords, { error: why }),
      },
      { error: "an object {to, protocol, port, from, why}" },
    ),
    { error: "a list of rules" },
  )
  .max(mostExtraRules, { error: `a list of at most ${mostExtraRules} rules` });

function isPortRange(value: string): boolean {
  const numbers = value.split("-");
  const [first = 0, last = Number.POSITIVE_INFINITY] = numbers.map(Number);
  const isPort = (text: string) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65535;
  return numbers.length <= 2 && numbers.every(isPort) && first < last;
}

/** The network that an address with a prefix length lies in, as it is written; undefined when it is none. */
export function networkOf(value: string): string | undefined {
  // As the provider reads it: neither 010.0.0.0, which is octal to some, nor 10.0 in short, nor IPv4 in IPv6.
  const [written = "", length = ""] = value.split("/");
  const isMixed = written.includes(":") && written.includes(".");
  if (!isIP(written) || isMixed || !/^(0|[1-9]\d*)$/.test(length) || !ipaddr.isValidCIDR(value)) {
    return undefined;
  }
  const [address, bits] = ipaddr.parseCIDR(value);
  const network =
    address.kind() === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(value) : ipaddr.IPv6.networkAddressFromCIDR(value);
  // Several spellings of one IPv6 network are right.
  return network.toString() === address.toString() ? value.toLowerCase() : `${network.toString()}/${bits}`;
}

const keyExpected = "an OpenSSH public key that sshd takes (ssh-ed25519 AAAA… or ssh-rsa AAAA…)";

/** A list of public keys as authorized_keys has them. */
export const sshPublicKeys = z.array(z.string({ error: keyExpected }).refine(isPublicKey, { error: keyExpected }), {
  error: "a list of OpenSSH public keys",
});

const keyTypes =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/;
const shortestRsaBytes = 2048 / 8;
const longestRsaBytes = 16384 / 8;

function isPublicKey(value: string): boolean {
  const [type = "", text = "", ...comment] = value.split(" ");
  const blob = Buffer.from(text, "base64");
  const [name, ...fields] = readFields(blob) ?? [];
  const isWritten = blob.toString("base64") === text && !/\p{C}/u.test(comment.join(" "));
  return isWritten && name?.toString() === type && hasParts(type, fields);
}

/** Whether a key has what sshd wants of its type (RFC 4253, 5656, 8709); those of security keys name an application, too. */
function hasParts(type: string, fields: Buffer[]): boolean {
  const lengths = fields.map(({ length }) => length);
  const parts = type.startsWith("sk-") ? lengths.slice(0, -1) : lengths;
  const [first = 0, second = 0] = parts;
  const bits = /-nistp(\d+)/.exec(type)?.[1];
  if (type === "ssh-rsa") {
    return parts.length === 2 && second >= shortestRsaBytes && second <= longestRsaBytes + 1;
  }
  return bits === undefined
    ? keyTypes.test(type) && parts.length === 1 && first === 32
    : keyTypes.test(type) &&
        parts.length === 2 &&
        fields[0]?.toString() === `nistp${bits}` &&
        second === 1 + 2 * Math.ceil(Number(bits) / 8);
}

/** The fields of a public key (RFC 4253, section 6.6), undefined when it is cut off. */
function readFields(blob: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  for (let at = 0; at < blob.length; ) {
    const length = at + 4 <= blob.length ? blob.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (at + 4 + length > blob.length) {
      return undefined;
    }
    fields.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}
