import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

describe("an administrator's file", () => {
  const carry = (name: string, content: Buffer) => {
    const source = join(folder, name);
    writeFileSync(source, content);
    return { source, sha256: createHash("sha256").update(content).digest("hex") };
  };
  const bytes = Buffer.from([0x25, 0x50, 0x44, 0x46, 0x0d, 0x0a, 0xff, 0x00]);

  test("goes with the programs, byte for byte, under its SHA-256", () => {
    const pdf = carry("default.pdf", bytes);
    const copy = hostProgramsCopy(checkout, join(folder, "cache"), [pdf]);
    expect(copy).toBe(join(folder, "cache", hostProgramsVersion(checkout, [pdf]), "bbb_cluster"));
    expect(readFileSync(join(copy, "administrator", pdf.sha256))).toEqual(bytes);
    writeFileSync(join(copy, "administrator", pdf.sha256), "other");
    expect(hostProgramsCopy(checkout, join(folder, "cache"), [pdf])).toBe(copy);
    expect(readFileSync(join(copy, "administrator", pdf.sha256))).toEqual(bytes);
  });

  test("with other content is another version, in whatever order they are named", () => {
    const [one, other] = [carry("one", bytes), carry("other", Buffer.from("x"))];
    const version = (...carried: (typeof one)[]) => hostProgramsVersion(checkout, carried);
    expect(new Set([version(), version(one), version(other), version(one, other)]).size).toBe(4);
    expect(version(other, one)).toBe(version(one, other));
  });

  test("that changed after it was planned with is not sent", () => {
    const pdf = carry("default.pdf", bytes);
    writeFileSync(pdf.source, "saved meanwhile");
    expect(() => hostProgramsCopy(checkout, join(folder, "cache"), [pdf])).toThrow("was changed while it was read");
  });
});
