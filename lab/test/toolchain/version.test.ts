import { expect, test } from "vitest";

import { isAtLeast } from "../../toolchain/version";

test.each([
  ["v3.248.0", "3.248.0", true],
  ["v3.259.0", "3.248.0", true],
  ["v4.0.0", "3.248.0", true],
  ["v3.99.9", "3.248.0", false],
  ["v3.248.0-alpha.1", "3.248.0", false],
  ["v3.260.0-dev.0", "3.248.0", true],
  ["go1.21", "1.21", true],
  ["go1.9.7", "1.21", false],
  ["go1.26rc1", "1.26.0", false],
  ["go version go1.26.8 linux/amd64", "1.26.4", true],
  ["", "3.248.0", false],
  ["command not found", "3.248.0", false],
])("%j is at least %s: %s", (text, oldest, answer) => {
  expect(isAtLeast(text, oldest)).toBe(answer);
});
