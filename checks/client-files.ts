import { type Check, seen } from "./check";
import type { ClusterNode } from "./cluster";
import { isHashed, pageAssets } from "./html-assets";
import { request, text } from "./request";

const compressed = { "Accept-Encoding": "gzip" };

/** What is large lies compressed on the node's disk, and is sent so. */
export function compressionCheck({ name, origin }: ClusterNode): Check {
  return {
    name: `${name}: compressed files`,
    expected: "the client's program, its library and WebAssembly, as they lie compressed on the node",
    async run() {
      const page = `${origin}/${name}/html5client/`;
      const hashed = pageAssets(text(await request(page)), page).filter(isHashed);
      const urls = [...hashed, `${page}compatibility/adapter.js`, `${page}wasm/tflite-simd.wasm`];
      const answers = await Promise.all(urls.map((url) => request(url, { headers: compressed, milliseconds: 8000 })));
      const plain = urls.filter((_, index) => answers[index]?.headers["content-encoding"] !== "gzip");
      return seen(
        hashed.length > 0 && plain.length === 0,
        plain.length > 0 ? `not so: ${plain.join(", ")}` : `${urls.length} files`,
      );
    },
  };
}

/** Browsers compile it as it arrives only if it says what it is; asked at the node, for the proxy's cache keeps types. */
export function webAssemblyCheck({ name, origin }: ClusterNode): Check {
  return {
    name: `${name}: WebAssembly at the node`,
    expected: "application/wasm",
    async run() {
      const { status, headers } = await request(`${origin}/${name}/html5client/wasm/tflite-simd.wasm`);
      const type = headers["content-type"] ?? "no type";
      return seen(status === 200 && type === "application/wasm", `${status} ${type}`);
    },
  };
}

/** One file out of each folder of Meteor's client that nginx serves by itself. */
export function meteorFiles(node: string, page: string): Check[] {
  const files = ["resources/images/favicon.svg", "svgs/icon.svg", "fonts/bbb-icons.woff2", "files/spinner.txt"];
  return ["compatibility/adapter.js", ...files].map((file) => ({
    name: `${node}: ${file.split("/")[0]} of the client`,
    expected: `${file} and not the client's page`,
    async run() {
      const answer = await request(`${page}${file}`);
      const type = answer.headers["content-type"] ?? "no type";
      return seen(answer.status === 200 && !type.startsWith("text/html"), `${answer.status} ${type}`);
    },
  }));
}
