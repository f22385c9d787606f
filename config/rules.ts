import { releaseLine, supportedRelease } from "../plan/releases";
import type { ConfigKey } from "./keys";

/** Raw values: each rule holds also for values that are wrong by themselves, which are reported once. */
type Values = Record<string, unknown>;

/** What is checked between keys. */
export interface Rule {
  key: ConfigKey;
  /** Finishes the sentence "KEY must be …". */
  expected: string;
  holds: (values: Values) => boolean;
}

const typeExpected = "a type that this location has: cx and cax are in Europe only";

/** Every rule between keys. */
export const rules: readonly Rule[] = [
  { key: "zone", expected: "the domain or a parent of it", holds: zoneHoldsDomain },
  { key: "adminCidrs", expected: "a list with an IPv4 CIDR: SSH goes there by IPv4", holds: isReachable },
  { key: "nodeType", expected: typeExpected, holds: ({ location, nodeType = "ccx33" }) => hasType(location, nodeType) },
  {
    key: "proxyType",
    expected: typeExpected,
    holds: ({ location, proxyType = "cx33" }) => hasType(location, proxyType),
  },
  {
    key: "nodeImage",
    expected: "set to an image of your own for this release: Hetzner has none of its Ubuntu",
    holds: hasImage,
  },
];

function zoneHoldsDomain({ domain, zone }: Values): boolean {
  return typeof zone !== "string" || typeof domain !== "string" || `.${domain}`.endsWith(`.${zone}`);
}

function isReachable({ adminCidrs }: Values): boolean {
  const isList =
    Array.isArray(adminCidrs) && adminCidrs.length > 0 && adminCidrs.every((item) => typeof item === "string");
  return !isList || adminCidrs.some((item: string) => !item.includes(":"));
}

function hasType(location: unknown, type: unknown): boolean {
  return !["ash", "hil", "sin"].includes(String(location)) || !/^ca?x/.test(String(type));
}

function hasImage({ release, nodeImage }: Values): boolean {
  return (
    nodeImage !== undefined ||
    typeof release !== "string" ||
    !supportedRelease.test(release) ||
    releaseLine(release).image !== undefined
  );
}
