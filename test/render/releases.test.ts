import { describe, expect, test } from "vitest";

import { installerVersion, releaseSpans, supportedRelease } from "../../render/releases";

test.each([
  ["3.0", "jammy-300"],
  ["3.0.30", "jammy-300-3.0.30"],
])("release %s is installed as -v %s", (release, version) => {
  expect(installerVersion(release)).toBe(version);
});

describe("spans", () => {
  test("of a line cover all but the refused releases", () => {
    expect(releaseSpans("3.0")).toEqual([
      { from: "3.0.0", before: "3.0.25" },
      { from: "3.0.25", before: "3.0.27" },
      { from: "3.0.28", before: "3.0.37" },
      { from: "3.0.37", before: null },
    ]);
  });

  test("of an exact release are the one that holds it", () => {
    expect(releaseSpans("3.0.30")).toEqual([{ from: "3.0.28", before: "3.0.37" }]);
    expect(releaseSpans("3.0.40")).toEqual([{ from: "3.0.37", before: null }]);
  });
});

test.each(["2.3", "3.0.27", "3.1", "30", "3.0.x", ""])("release %j is refused", (release) => {
  expect(supportedRelease.test(release)).toBe(false);
});
