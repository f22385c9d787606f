import { gzipSync } from "node:zlib";

import type { Handler } from "../../test/front-door/rig/node";

/** In the name of a file that keeps its name while it keeps its content. */
export const hash = "0123456789abcdef0123";

/** Of the number and sizes of BigBlueButton's client: page, program in parts, WebAssembly, locales. */
export const sizes: Record<string, number> = {
  "": 3_000,
  [`main.${hash}.js`]: 2_500_000,
  [`vendor.${hash}.js`]: 1_500_000,
  ...Object.fromEntries(["a", "b", "c", "d", "e"].map((part) => [`${part}.${hash}.js`, 160_000])),
  "wasm/tflite-simd.wasm": 300_000,
  "locales/": 3_000,
  "locales/en.json": 60_000,
  "locales/de.json": 65_000,
  "compatibility/adapter.js": 50_000,
};

/** The client as a node serves it: its programs as they lie compressed on the disk, files with a validator, lists without. */
export function clientOf(name: string): Handler {
  const files = new Map(
    Object.entries(sizes).map(([path, size]) => {
      const content = Buffer.from(Array.from({ length: size }, (_, index) => 97 + ((index * index) % 23)));
      return [`/${name}/html5client/${path}`, { content, packed: path.endsWith(".js") ? gzipSync(content) : null }];
    }),
  );
  return ({ url = "", headers }, response) => {
    const file = files.get(url.split("?")[0] ?? "");
    if (!file) return void response.writeHead(404).end();
    const isList = url.endsWith("/locales/");
    const etag = `"${file.content.length}"`;
    if (!isList && headers["if-none-match"]?.includes(etag)) return void response.writeHead(304, { etag }).end();
    const packed = /gzip/.test(String(headers["accept-encoding"])) ? file.packed : null;
    const type = url.includes(".js") ? "application/javascript" : "text/html";
    response.writeHead(200, {
      "content-type": type,
      ...(isList ? {} : { etag }),
      ...(packed && { "content-encoding": "gzip" }),
    });
    response.end(packed ?? file.content);
  };
}
