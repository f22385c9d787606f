import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { compareReleases, installerVersion, supportedRelease } from "../../plan/releases";

test.each([
  ["3.0", "jammy-300"],
  ["3.0.30", "jammy-300-3.0.30"],
])("release %s is installed as -v %s", (release, version) => {
  expect(installerVersion(release)).toBe(version);
});

const pairs = JSON.parse(readFileSync(join(__dirname, "..", "contract", "releases.json"), "utf8")) as [
  string,
  "<" | "=" | ">",
  string,
][];

test.each(pairs)("%s %s %s, as the host programs have it, too", (left, relation, right) => {
  expect(Math.sign(compareReleases(left, right))).toBe({ "<": -1, "=": 0, ">": 1 }[relation]);
});

test.each(["2.3", "3.0.27", "3.0.027", "3.0.030", "3.00", "03.0", "3.1", "30", "3.0.x", ""])(
  "release %j is refused",
  (release) => {
    expect(supportedRelease.test(release)).toBe(false);
  },
);
