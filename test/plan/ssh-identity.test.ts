import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";

import { deriveSshIdentity } from "../../plan/ssh-identity";

test("ssh-keygen reads a derived private key and finds the same public key", () => {
  const folder = mkdtempSync(join(tmpdir(), "bbb-cluster-"));
  try {
    const { privateKey, publicKey } = deriveSshIdentity("a secret", "host bbb-01");
    writeFileSync(join(folder, "key"), privateKey, { mode: 0o600 });
    const printed = execFileSync("ssh-keygen", ["-y", "-f", join(folder, "key")], { encoding: "utf8" });
    expect(printed.trim()).toBe(publicKey);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the same secret and purpose always give the same keys, any other different ones", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (secret, purpose, other) => {
      expect(deriveSshIdentity(secret, purpose)).toEqual(deriveSshIdentity(secret, purpose));
      fc.pre(other !== purpose);
      expect(deriveSshIdentity(secret, other).publicKey).not.toBe(deriveSshIdentity(secret, purpose).publicKey);
    }),
    { numRuns: 30 },
  );
});
