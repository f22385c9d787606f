import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { controlFile } from "../../bigbluebutton/build";
import { PACKAGES } from "../../bigbluebutton/packages";
import {
  lineRepository,
  newestReleases,
  packageVersion,
  pinnedRepository,
  RELEASES,
  type Release,
} from "../../bigbluebutton/releases";

const isOlder = (one: string, other: string) =>
  spawnSync("dpkg", ["--compare-versions", one, "lt", other]).status === 0;
const newest = (line: string) => newestReleases().find((release) => release.line === line) as Release;

test("the newest release of a line and a pinned one are found where bbb-install looks for them", () => {
  expect(newest("3.0").version).toBe("3.0.38");
  expect(lineRepository(newest("3.0"))).toBe("jammy-300");
  expect(pinnedRepository(newest("3.0"))).toBe("jammy-300-3.0.38");
});

test("a release candidate is older than its release for dpkg, and says its own name on the node", () => {
  expect(newest("4.0").version).toBe("4.0.0-rc.5");
  expect(pinnedRepository(newest("4.0"))).toBe("noble-400-4.0.0-rc.5");
  expect(controlFile("bbb-web", newest("4.0"))).toContain("Version: 1:4.0.0~rc.5\n");
  for (const later of ["1:4.0.0~rc.10", "1:4.0.0", "1:4.0.1"]) {
    expect(isOlder(packageVersion(newest("4.0")), later), later).toBe(true);
  }
});

test("releases of a line stand in ascending order, none twice", () => {
  for (const line of new Set(RELEASES.map((release) => release.line))) {
    const versions = RELEASES.filter((release) => release.line === line).map(packageVersion);
    versions.slice(1).forEach((version, index) => {
      expect(isOlder(versions[index] ?? "", version), version).toBe(true);
    });
  }
});

test("every package of a release is defined, and every folder of packages belongs to one", () => {
  for (const release of RELEASES) expect(release.packages.filter((name) => !(name in PACKAGES))).toEqual([]);
  const folders = readdirSync(join(__dirname, "../../bigbluebutton/packages"));
  expect(folders.filter((name) => !(name in PACKAGES))).toEqual([]);
});

test("LiveKit is for administrators to add in 3.0, and there with everything else in 4.0", () => {
  const place = ({ packages, optional }: Release) =>
    [packages, optional ?? []].map((all) => all.includes("bbb-livekit"));
  expect(RELEASES.filter(({ line }) => line === "3.0").map(place)).toEqual(Array(4).fill([false, true]));
  expect(place(newest("4.0"))).toEqual([true, false]);
  expect(controlFile("bigbluebutton", newest("3.0"))).not.toContain("livekit");
  expect(controlFile("bigbluebutton", newest("4.0"))).toContain("bbb-livekit");
});

test("every variant that a release names exists", () => {
  const folder = join(__dirname, "../../bigbluebutton/variants");
  const variants = RELEASES.flatMap((release) => release.variants);
  expect(variants.filter((variant) => !existsSync(join(folder, variant)))).toEqual([]);
});

test("a package depends on the other packages of its own release", () => {
  expect(controlFile("bbb-web", newest("3.0"))).toBe(
    "Package: bbb-web\nVersion: 1:3.0.38\nArchitecture: amd64\nMaintainer: the lab <root@packages.lab.test>\n" +
      "Section: web\nPriority: optional\nDepends: bbb-config (= 1:3.0.38)\n" +
      "Description: simulated BigBlueButton: the API\n",
  );
});
