import { createHmac, hkdfSync } from "node:crypto";

import type { OverrideFile } from "../requests";
import { type Overrides, overrideFiles } from "./overrides";

/** Which keys are kept as secrets in which file: all that a plan knows of them. */
export type SecretKeys = Readonly<Record<string, readonly string[]>>;

/** The names of secret overrides, without their values. */
export function secretKeys(overrides: Overrides): SecretKeys {
  return Object.fromEntries(
    overrideFiles(overrides).map(({ path, settings }) => [path, settings.map(({ key }) => key)]),
  );
}

/**
 * By what a request names secret overrides: it changes with them, and because it is keyed, nobody who reads it can try
 * values out.
 */
export function secretDigest(clusterSecret: string, files: readonly OverrideFile[]): string {
  const key = Buffer.from(hkdfSync("sha256", clusterSecret, "bbb-cluster overrides", "digest", 32));
  return createHmac("sha256", key).update(JSON.stringify(files)).digest("hex");
}
