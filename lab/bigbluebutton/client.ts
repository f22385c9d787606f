import { createCipheriv, createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";

const SOURCES = join(__dirname, "client");
const BUNDLE_BYTES = 2_500_000;
const CHUNK_BYTES = 300_000;
const CHUNKS = 5;

/**
 * Builds the client of 3.0 and later into `folder`: bundled as BigBlueButton's build does, under names that carry a hash of the
 * content, and with as many megabytes as a browser really loads. The same sources and release give the same bytes.
 */
export function writeClient(folder: string, release: string): void {
  addFiles(folder, release);
  const { style, bundle } = addBundle(folder, release, "main.ts");
  writeFileSync(join(folder, "index.html"), page("index.html", style, bundle));
}

/**
 * Builds the client of 2.7 and before into `bundle`, the folder of Meteor's server: files below programs/web.browser (its app/
 * holds locales, wasm …), and below programs/server/assets/app the pages that the server fills in: main.html and guest-wait.html.
 */
export function writeMeteorClient(bundle: string, release: string): void {
  const files = join(bundle, "programs/web.browser");
  const templates = join(bundle, "programs/server/assets/app");
  mkdirSync(templates, { recursive: true });
  addFiles(join(files, "app"), release);
  const built = addBundle(files, release, "meteor/main.ts");
  writeFileSync(join(templates, "main.html"), page("meteor/main.html", built.style, built.bundle));
  writeFileSync(join(templates, "guest-wait.html"), source("meteor/guest-wait.html"));
}

/** What the client needs beside its program. */
function addFiles(folder: string, release: string): void {
  cpSync(join(SOURCES, "public"), folder, { recursive: true });
  mkdirSync(join(folder, "wasm"), { recursive: true });
  writeFileSync(join(folder, "wasm/tflite-simd.wasm"), wasmModule(`${release} wasm`));
}

function addBundle(folder: string, release: string, entry: string): { style: string; bundle: string } {
  const style = addHashed(folder, "style", "css", source("style.css"));
  const chunks = Array.from({ length: CHUNKS }, (_, index) =>
    addHashed(folder, "chunk", "js", filler(`${release} chunk ${index}`, CHUNK_BYTES)),
  );
  const program = bundled(entry, { CHUNKS: JSON.stringify(chunks), RELEASE: JSON.stringify(release) });
  const rest = filler(`${release} bundle`, BUNDLE_BYTES - program.length);
  return { style, bundle: addHashed(folder, "bundle", "js", `${program}\n${rest}`) };
}

function bundled(entry: string, define: Record<string, string>): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(SOURCES, entry)],
    bundle: true,
    define,
    format: "iife",
    legalComments: "none",
    minify: true,
    target: "es2022",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

function page(template: string, style: string, bundle: string): string {
  return source(template)
    .replace("@BODY@", () => source("body.html").trimEnd())
    .replaceAll("@STYLE@", style)
    .replaceAll("@BUNDLE@", bundle);
}

function source(name: string): string {
  return readFileSync(join(SOURCES, name), "utf8");
}

function addHashed(folder: string, stem: string, extension: string, content: string): string {
  const name = `${stem}.${createHash("sha256").update(content).digest("hex").slice(0, 20)}.${extension}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), content);
  // For nginx's gzip_static; level 1 because only the size must be lifelike.
  writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 1 }));
  return name;
}

/** A comment of about `bytes` characters, which compresses about as well as program text does. */
function filler(seed: string, bytes: number): string {
  return `/* ${noise(seed, Math.floor(bytes / 2)).toString("hex")} */\n`;
}

/** An empty WebAssembly module that carries its size in a custom section. */
function wasmModule(seed: string): Buffer {
  const payload = Buffer.concat([Buffer.from([4]), Buffer.from("size"), noise(seed, 300_000)]);
  return Buffer.concat([Buffer.from("\0asm\x01\0\0\0", "latin1"), Buffer.from([0]), leb128(payload.length), payload]);
}

function leb128(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    bytes.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) return Buffer.from(bytes);
  }
}

function noise(seed: string, bytes: number): Buffer {
  const key = createHash("sha256").update(seed).digest();
  return createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(bytes));
}
