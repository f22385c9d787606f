import { isIPv4, isIPv6 } from "node:net";

import { invalidInput } from "./errors";
import type { RecordValue } from "./model";

/** The types of record sets that can be made; SOA comes with the zone. */
export const recordTypes = [
  ...["A", "AAAA", "CAA", "CNAME", "DS", "HINFO", "HTTPS", "MX"],
  ...["NS", "PTR", "RP", "SRV", "SVCB", "TLSA", "TXT"],
];

const hostPattern = /^(@|([a-z0-9_*-]{1,63}\.)*[a-z0-9_-]{1,63}\.?)$/i;
const textPattern = /^"(?:[^"\\]|\\.){0,255}"(?:\s+"(?:[^"\\]|\\.){0,255}")*$/;

const checks: Record<string, [(value: string) => boolean, string]> = {
  A: [isIPv4, "an IPv4 address"],
  AAAA: [isIPv6, "an IPv6 address"],
  CNAME: [(value) => hostPattern.test(value), "a host name"],
  NS: [(value) => hostPattern.test(value), "a host name"],
  PTR: [(value) => hostPattern.test(value), "a host name"],
  MX: [(value) => /^\d{1,5} \S+$/.test(value) && hostPattern.test(value.split(" ")[1] ?? ""), "'10 mail.example.org.'"],
  SRV: [(value) => /^\d{1,5} \d{1,5} \d{1,5} \S+$/.test(value), "'0 5 443 host.example.org.'"],
  CAA: [(value) => /^\d{1,3} [a-z]+ "[^"]*"$/.test(value), `'0 issue "letsencrypt.org"'`],
  TXT: [(value) => textPattern.test(value), "one or more quoted strings of at most 255 bytes"],
};

/** Throws invalid_input unless the values suit the type and none is there twice. */
export function requireValidRecords(type: string, records: RecordValue[]): void {
  const [isValid, form] = checks[type] ?? [(value: string) => value !== "", "a value"];
  for (const { value } of records) {
    if (!isValid(value)) throw invalidInput("records", `a ${type} record must be ${form}, got '${value}'`);
  }
  const values = records.map((record) => record.value);
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw invalidInput("records", `the value '${twice}' is given twice`);
  if (type === "CNAME" && records.length > 1) throw invalidInput("records", "a CNAME has exactly one record");
}
