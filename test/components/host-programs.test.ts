import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { hostProgramsCopy, hostProgramsVersion } from "../../components/host-programs";

const original = join(__dirname, "..", "..", "host", "bbb_cluster");
let folder: string;
let checkout: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "host-programs-"));
  checkout = join(folder, "checkout");
  cpSync(original, checkout, { recursive: true, filter: (path) => !path.includes("__pycache__") });
});

afterEach(() => rmSync(folder, { recursive: true }));

const filesIn = (place: string) =>
  readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const copyOf = (place: string) => hostProgramsCopy(place, join(folder, "cache"));

/** As Git checks out on Windows with core.autocrlf=true. */
function withWindowsLineEnds(): void {
  for (const { parentPath, name } of filesIn(checkout)) {
    const file = join(parentPath, name);
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("\n", "\r\n"));
  }
}

/** What Finder, Python and editors leave behind. */
function withLitter(): void {
  writeFileSync(join(checkout, ".DS_Store"), "Bud1");
  mkdirSync(join(checkout, "system", "__pycache__"));
  writeFileSync(join(checkout, "system", "__pycache__", "lock.cpython-312.pyc"), "x");
  writeFileSync(join(checkout, "tls", "certificate.py~"), "x");
}

test("the same commit has the same version and the same copy, whatever lies in the checkout", () => {
  const version = hostProgramsVersion(checkout);
  const copied = () => filesIn(copyOf(checkout)).map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
  const before = copied();
  expect(version).toBe(hostProgramsVersion());
  withWindowsLineEnds();
  withLitter();
  expect(hostProgramsVersion(checkout)).toBe(version);
  expect(copied()).toEqual(before);
  expect(Buffer.concat(before).includes("\r\n")).toBe(false);
});

test("a changed line or name is another version", () => {
  const version = hostProgramsVersion(checkout);
  writeFileSync(join(checkout, "new.py"), "");
  const other = hostProgramsVersion(checkout);
  writeFileSync(join(checkout, "new.py"), "x = 1\n");
  expect(new Set([version, other, hostProgramsVersion(checkout)]).size).toBe(3);
});

test("the copy has programs and what they read only, and what is added to it or lost from it is put right", () => {
  withLitter();
  const copy = copyOf(checkout);
  const names = () => filesIn(copy).map(({ name }) => name);
  const whole = names();
  expect(whole.filter((name) => !name.endsWith(".py"))).toEqual(["node_files.json", "route_texts.json"]);
  expect(whole).toContain("__main__.py");
  writeFileSync(join(copy, ".DS_Store"), "Bud1");
  rmSync(join(copy, "__main__.py"));
  expect(copyOf(checkout)).toBe(copy);
  expect(names()).toEqual(whole);
});

test("the copy is a folder of the programs' own name in one of their version, as machines have it", () => {
  expect(copyOf(checkout)).toBe(join(folder, "cache", hostProgramsVersion(checkout), "bbb_cluster"));
});
