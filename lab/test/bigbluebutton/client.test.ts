import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { writeClient, writeMeteorClient } from "../../bigbluebutton/client";

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

function build(write: (folder: string, release: string) => void, release: string): string {
  const folder = mkdtempSync(join(tmpdir(), "client-"));
  made.push(folder);
  write(folder, release);
  return folder;
}

describe("the client of 3.0 and later", () => {
  let folder: string;
  beforeAll(() => {
    folder = build(writeClient, "3.0.30");
  });

  test("is several megabytes under hashed names, and the page refers to them relatively", () => {
    const names = readdirSync(folder);
    const bundle = names.filter((name) => /^bundle\.[0-9a-f]{20}\.js$/.test(name));
    expect(bundle).toHaveLength(1);
    expect(readFileSync(join(folder, bundle[0] ?? "")).length).toBeGreaterThan(2_000_000);
    expect(names.filter((name) => /^chunk\.[0-9a-f]{20}\.js$/.test(name))).toHaveLength(5);
    const page = readFileSync(join(folder, "index.html"), "utf8");
    expect(page).toContain(`src="${bundle[0]}"`);
    expect(page.match(/(?:src|href)="(?:\/|https?:)/g)).toBeNull();
  });

  test("has the same names for the same sources and release, and other ones for another release", () => {
    const [again, other] = [build(writeClient, "3.0.30"), build(writeClient, "3.0.28")];
    expect(readdirSync(again)).toEqual(readdirSync(folder));
    expect(readdirSync(other)).not.toEqual(readdirSync(folder));
  });

  test("brings translations that have the same texts, every one that the page asks for among them", () => {
    const texts = (language: string) =>
      Object.keys(JSON.parse(readFileSync(join(folder, `locales/${language}.json`), "utf8")));
    const page = readFileSync(join(folder, "index.html"), "utf8");
    const wanted = [...page.matchAll(/data-text="([^"]*)"/g)].map(([, key]) => key);
    expect(texts("en")).toEqual(expect.arrayContaining(wanted));
    for (const language of ["de", "fr"]) expect(texts(language)).toEqual(texts("en"));
  });

  test("brings a valid WebAssembly module", () => {
    const module = readFileSync(join(folder, "wasm/tflite-simd.wasm"));
    expect(module.length).toBeGreaterThan(250_000);
    expect(runInNewContext("WebAssembly.validate(module)", { module })).toBe(true);
  });
});

describe("the client of Meteor", () => {
  test("consists of files for nginx and of pages that the server fills in", () => {
    const folder = build(writeMeteorClient, "2.7.15");
    const files = readdirSync(join(folder, "programs/web.browser"));
    const bundle = files.find((name) => /^bundle\.[0-9a-f]{20}\.js$/.test(name));
    const page = readFileSync(join(folder, "programs/server/assets/app/main.html"), "utf8");
    expect(page).toContain(`src="@PREFIX@/${bundle}"`);
    expect(page).toContain("@RUNTIME_CONFIG@");
    expect(page.match(/(?:src|href)="(?!@PREFIX@\/)/g)).toBeNull();
    expect(readdirSync(join(folder, "programs/web.browser/app")).sort()).toEqual([
      "compatibility",
      "locales",
      "resources",
      "wasm",
    ]);
    expect(readdirSync(join(folder, "programs/server/assets/app")).sort()).toEqual(["guest-wait.html", "main.html"]);
  });
});
