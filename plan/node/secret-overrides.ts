import { createHmac, hkdfSync } from "node:crypto";

import type { SecretFile } from "../requests";
import { type Overrides, overrideRows } from "./overrides";

/** Which keys are kept as secrets in which file: all that a plan knows of them. */
export type SecretKeys = Readonly<Record<string, readonly string[]>>;

/** Overrides that are secrets, as `keep-secrets` takes them: they are in no other request. */
export function secretFiles(overrides: Overrides): SecretFile[] {
  return Object.entries(overrideRows(overrides))
    .filter(([, settings]) => settings.length > 0)
    .map(([file, settings]) => ({ path: `/etc/bigbluebutton/${file}`, settings }));
}

/** The names of secret overrides, without their values. */
export function secretKeys(overrides: Overrides): SecretKeys {
  return Object.fromEntries(secretFiles(overrides).map(({ path, settings }) => [path, settings.map(({ key }) => key)]));
}

/**
 * By what a request names secret overrides: it changes with them, and because it is keyed, nobody who reads it can try
 * values out.
 */
export function secretDigest(clusterSecret: string, files: readonly SecretFile[]): string {
  const key = Buffer.from(hkdfSync("sha256", clusterSecret, "bbb-cluster overrides", "digest", 32));
  return createHmac("sha256", key).update(JSON.stringify(files)).digest("hex");
}
