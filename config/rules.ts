import { releaseLine, supportedRelease } from "../render/releases";

/** What is checked between keys; each holds also for values that are wrong by themselves, which are reported once. */
type Values = Record<string, unknown>;

/** Hetzner has an image of the Ubuntu that the release runs on, or the administrator brings one. */
export function hasImage({ release, nodeImage }: Values): boolean {
  return (
    nodeImage !== undefined ||
    typeof release !== "string" ||
    !supportedRelease.test(release) ||
    releaseLine(release).image !== undefined
  );
}

/** SSH is allowed from some IPv4 address: Pulumi connects by IPv4. */
export function isReachable({ adminCidrs }: Values): boolean {
  const isList =
    Array.isArray(adminCidrs) && adminCidrs.length > 0 && adminCidrs.every((item) => typeof item === "string");
  return !isList || adminCidrs.some((item: string) => !item.includes(":"));
}

/** The location has the type that the key names (default: that of the proxy, a cx). */
export function hasType(key: "nodeType" | "proxyType") {
  const byDefault = { nodeType: "ccx33", proxyType: "cx33" }[key];
  return (config: Values): boolean =>
    !["ash", "hil", "sin"].includes(String(config["location"])) || !/^ca?x/.test(String(config[key] ?? byDefault));
}

/** The zone is the domain or a parent of it. */
export function zoneHoldsDomain({ domain, zone }: Values): boolean {
  return typeof zone !== "string" || typeof domain !== "string" || `.${domain}`.endsWith(`.${zone}`);
}
