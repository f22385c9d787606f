import type { RequestListener } from "node:http";
import { expect, test } from "vitest";

import { runCheck } from "../../checks/check";
import { clientChecks } from "../../checks/client";
import { isHashed, pageAssets } from "../../checks/html-assets";
import { featuresOf } from "../../checks/release";
import { nodeAt, withServer } from "./support";

const features = featuresOf("3.0.30");

const page = `<!doctype html><link rel="icon" href=favicon.ico><link rel='stylesheet' href='./main.css?a=1&amp;b=2'>
<!-- <script src="old.js"></script> --><script defer src="bundle.0123456789abcdef0123.js"></script>
<img src="data:image/png;base64,AA"><script src="https://elsewhere.example/x.js"></script>
<script src="bundle.0123456789abcdef0123.js"></script><a href="/imprint">imprint</a>`;

test("the assets of a page are what it loads from its own origin, each once", () => {
  expect(pageAssets(page, "https://bbb.cluster.test/bbb-01/html5client/?sessionToken=a")).toEqual([
    "https://bbb.cluster.test/bbb-01/html5client/favicon.ico",
    "https://bbb.cluster.test/bbb-01/html5client/main.css?a=1&b=2",
    "https://bbb.cluster.test/bbb-01/html5client/bundle.0123456789abcdef0123.js",
  ]);
});

test("only a name with a content hash is immutable", () => {
  expect(isHashed("https://x/bundle.0123456789abcdef0123.js")).toBe(true);
  expect(isHashed("https://x/main.css")).toBe(false);
  expect(isHashed("https://x/0123456789abcdef0123/main.css")).toBe(false);
});

const serve =
  (broken: string, cached = true, control = "no-cache", type = "application/wasm"): RequestListener =>
  (request, response) => {
    const { pathname, search } = new URL(request.url ?? "", "http://x");
    const [, , name = ""] = /^\/bbb-01(\/html5client)(\/.*)?$/.exec(pathname) ?? [];
    if (pathname.startsWith("/html5client/locale")) return answer(301, `/bbb-01${pathname}${search}`);
    if (pathname.includes(broken) || pathname.includes("..")) return answer(404);
    if (pathname === "/bbb-01/html5client") return answer(301, `${pathname}/${search}`);
    if (name === "/")
      return response.writeHead(200, { "content-type": "text/html", "cache-control": control }).end(page);
    if (name.startsWith("/locales/")) return response.end(name.endsWith(".json") ? "{}" : '[{"name":"en.json"}]');
    if (name.endsWith(".wasm")) response.setHeader("content-type", type);
    if (request.headers["accept-encoding"] === "gzip") response.setHeader("content-encoding", "gzip");
    return response.setHeader("x-cache-status", cached ? "HIT" : "MISS").end("content");

    function answer(status: number, location?: string) {
      if (location) response.setHeader("location", location);
      response.statusCode = status;
      return response.end();
    }
  };

const failing = (listener: RequestListener) =>
  withServer(listener, async (origin) => {
    const results = await Promise.all(clientChecks(nodeAt(origin), nodeAt(origin), features).map(runCheck));
    return results.filter(({ verdict }) => verdict === "failed").map((result) => result.name);
  });

test("a client that is served as it must be passes every check", async () => {
  expect(await failing(serve("nothing"))).toEqual([]);
});

test("a missing asset fails the check of the assets and no other", async () => {
  expect(await failing(serve("main.css"))).toEqual(["bbb-01: client assets"]);
});

test("an asset that never comes from the cache fails the check of the cache", async () => {
  expect(await failing(serve("nothing", false))).toEqual(["bbb-01: asset cache"]);
});

test.each(["max-age=600", "public"])("a page that browsers may keep (%s) is not fresh", async (control) => {
  expect(await failing(serve("nothing", true, control))).toEqual(["bbb-01: client page is fresh"]);
});

test("WebAssembly of another type is named", async () => {
  expect(await failing(serve("nothing", true, "no-cache", "application/octet-stream"))).toEqual([
    "bbb-01: WebAssembly at the node",
  ]);
});

test("missing locales are named", async () => {
  expect(await failing(serve("locales/en.json"))).toEqual(["bbb-01: locales"]);
});
