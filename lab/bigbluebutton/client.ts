import { createCipheriv, createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUNDLE_BYTES = 2_500_000;
const CHUNK_BYTES = 300_000;
const CHUNKS = 5;

/**
 * Completes the client in `folder`: bundles it as BigBlueButton's build does, under names that carry a hash of the content, and
 * with as many megabytes as a browser really loads. The same sources and release give the same bytes.
 */
export function writeClient(folder: string, release: string): void {
  const source = (name: string) => readFileSync(join(folder, name), "utf8");
  const style = addHashed(folder, "style", "css", source("client.css"));
  const chunks = Array.from({ length: CHUNKS }, (_, index) =>
    addHashed(folder, "chunk", "js", filler(`${release} chunk ${index}`, CHUNK_BYTES)),
  );
  const program = `const CHUNKS = ${JSON.stringify(chunks)};\n${source("client.js")}`;
  const bundle = addHashed(folder, "bundle", "js", `${program}\n${filler(`${release} bundle`, BUNDLE_BYTES)}`);
  const page = source("index.html").replace("@STYLE@", style).replace("@BUNDLE@", bundle);
  writeFileSync(join(folder, "index.html"), page);
  mkdirSync(join(folder, "wasm"), { recursive: true });
  writeFileSync(join(folder, "wasm/tflite-simd.wasm"), wasmModule(`${release} wasm`));
  for (const name of ["client.js", "client.css"]) rmSync(join(folder, name));
}

function addHashed(folder: string, stem: string, extension: string, content: string): string {
  const name = `${stem}.${createHash("sha256").update(content).digest("hex").slice(0, 20)}.${extension}`;
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
