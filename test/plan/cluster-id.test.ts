import { createHash } from "node:crypto";
import { expect, test } from "vitest";

import { clusterId } from "../../plan/cluster-id";
import { secretOfTests } from "../support/stack";

test("a cluster's id is 16 hexadecimal digits, always the same, and another one for another secret", () => {
  // HKDF with SHA-256 (RFC 5869) of the secret as it stands, salt "bbb-cluster id", 8 bytes.
  expect(clusterId("0123456789abcdef".repeat(4))).toBe("0f726f3c1aec7847");
  expect(clusterId(secretOfTests)).toMatch(/^[0-9a-f]{16}$/);
  expect(clusterId(secretOfTests)).not.toBe(clusterId(`${secretOfTests}x`));
});

test("it is no part of a hash of the secret, which could be looked up", () => {
  for (const hash of ["sha256", "sha1", "md5", "sha512"]) {
    expect(createHash(hash).update(secretOfTests).digest("hex")).not.toContain(clusterId(secretOfTests));
  }
});
