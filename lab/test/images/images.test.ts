import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { focalSnapshot, imageKey, images } from "../../api/catalogue";
import { fingerprint } from "../../fingerprint";
import { debianSources } from "../../images/apt-sources";
import { buildCached, cached, imageCache, withBuildLock } from "../../images/cache";
import { writeFlatRepository } from "../../images/repository";
import { run } from "../../images/run";
import { suiteOf } from "../../images/suites";
import { writeIndex } from "../../images/wheels";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "images-"));
  process.env["BBB_CLUSTER_CACHE"] = folder;
});
afterEach(() => {
  delete process.env["BBB_CLUSTER_CACHE"];
  rmSync(folder, { recursive: true });
});

describe("the cache", () => {
  test("lies where the environment says", () => {
    expect(imageCache({ BBB_CLUSTER_CACHE: "/a" })).toBe("/a/lab");
    expect(imageCache({ XDG_CACHE_HOME: "/b" })).toBe("/b/bbb-cluster/lab");
  });

  test("has a folder only once it is whole, and keeps nothing of a build that failed", async () => {
    await expect(
      buildCached("base-1", async (work) => {
        writeFileSync(join(work, "half"), "");
        throw new Error("disk full");
      }),
    ).rejects.toThrow("disk full");
    expect(cached("base-1")).toBeUndefined();
    const path = await buildCached("base-1", async (work) => writeFileSync(join(work, "whole"), ""));
    expect(cached("base-1")).toBe(path);
    expect(existsSync(join(path, "whole"))).toBe(true);
  });

  test("lets one build at a time in, and clears away what a killed one left", async () => {
    const left = join(imageCache(), "base-1.tmp-4711");
    mkdirSync(left, { recursive: true });
    const order: string[] = [];
    const build = (name: string) =>
      withBuildLock(
        () => {},
        async () => {
          order.push(`${name} begins`);
          await new Promise((resolve) => setImmediate(resolve));
          order.push(`${name} ends`);
        },
      );
    await Promise.all([build("a"), build("b")]);
    expect(existsSync(left)).toBe(false);
    const first = order[0]?.startsWith("a") ? ["a", "b"] : ["b", "a"];
    expect(order).toEqual(first.flatMap((name) => [`${name} begins`, `${name} ends`]));
  });
});

test("a key changes with a value, a file's content and a file's name", () => {
  mkdirSync(join(folder, "x"));
  writeFileSync(join(folder, "x/a"), "1");
  const key = fingerprint(["v"], [folder]);
  expect(fingerprint(["v"], [folder])).toBe(key);
  expect(fingerprint(["w"], [folder])).not.toBe(key);
  writeFileSync(join(folder, "x/a"), "2");
  const edited = fingerprint(["v"], [folder]);
  expect(edited).not.toBe(key);
  rmSync(join(folder, "x/a"));
  writeFileSync(join(folder, "x/b"), "2");
  expect(fingerprint(["v"], [folder])).not.toBe(edited);
});

test("of a host's apt sources, those of Debian itself are used, each once", () => {
  const targets = [
    "http://mirror.test/debian/ bookworm main",
    "http://mirror.test/debian/ bookworm contrib",
    "http://mirror.test/debian-security/ bookworm-security main",
    "http://mirror.test/debian/ bookworm main",
    "https://other.test/ nodistro main",
    "",
  ];
  expect(debianSources(targets.join("\n"), "bookworm")).toEqual([
    "deb http://mirror.test/debian/ bookworm main",
    "deb http://mirror.test/debian-security/ bookworm-security main",
  ]);
  expect(debianSources(targets.join("\n"), "trixie")).toEqual([
    "deb http://mirror.test/debian/ trixie main",
    "deb http://mirror.test/debian-security/ trixie-security main",
  ]);
});

test("a machine runs Debian 13 where its image is that, and Debian 12 for every other", () => {
  expect(images.map((image) => [imageKey(image), suiteOf(imageKey(image))])).toEqual([
    ["ubuntu-22.04", "bookworm"],
    ["debian-12", "bookworm"],
    ["ubuntu-24.04", "bookworm"],
    ["debian-13", "trixie"],
    [String(focalSnapshot.id), "bookworm"],
  ]);
});

test("an index of wheels has a page for each project, under its normal name", () => {
  const wheels = join(folder, "wheels");
  mkdirSync(wheels);
  for (const wheel of ["typing_extensions-4.15.0-py3-none-any.whl", "SQLAlchemy-2.1.9-cp313-cp313-x.whl"]) {
    writeFileSync(join(wheels, wheel), wheel);
  }
  writeIndex(folder, wheels);
  const page = readFileSync(join(folder, "simple/typing-extensions/index.html"), "utf8");
  expect(page).toContain('<a href="typing_extensions-4.15.0-py3-none-any.whl">');
  expect(existsSync(join(folder, "simple/sqlalchemy/SQLAlchemy-2.1.9-cp313-cp313-x.whl"))).toBe(true);
});

const hasTool = spawnSync("apt-ftparchive", ["--version"]).status === 0;

test.skipIf(!hasTool)("a flat repository lists each package with its size and hash", () => {
  const tree = join(folder, "tree/DEBIAN");
  mkdirSync(tree, { recursive: true });
  writeFileSync(
    join(tree, "control"),
    "Package: one\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.test>\nDescription: d\n",
  );
  mkdirSync(join(folder, "debs"));
  execFileSync("dpkg-deb", [
    "--root-owner-group",
    "-Znone",
    "--build",
    join(folder, "tree"),
    join(folder, "debs/one.deb"),
  ]);
  writeFlatRepository(join(folder, "debs"));
  const packages = readFileSync(join(folder, "debs/Packages"), "utf8");
  expect(packages).toMatch(
    /^Package: one\n(.*\n)*Version: 1\n(.*\n)*Filename: \.\/one\.deb\nSize: \d+\nSHA256: [0-9a-f]{64}\n/,
  );
  expect(readFileSync(join(folder, "debs/Release"), "utf8")).toMatch(
    new RegExp(`SHA256:\n [0-9a-f]{64} +${packages.length} Packages\n$`),
  );
});

test("a command that fails says what it was for, how it ended and what it said last", async () => {
  const failing = run(["sh", "-c", "echo first; echo disk full >&2; exit 3"], {
    label: "base image",
    progress: () => {},
  });
  await expect(failing).rejects.toThrow(
    /^base image failed after 0 s; the last words of sh:\n(first\n)?disk full\n(first\n)?ended with status 3$/,
  );
});
