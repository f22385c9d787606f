import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { writeClient } from "../../bigbluebutton/client";
import { PACKAGES } from "./stand-in";

const SOURCE = join(PACKAGES, "bbb-html5/usr/share/bigbluebutton/html5-client");

let folder: string;
beforeAll(() => {
  folder = build("3.0.30");
});
afterAll(() => rmSync(folder, { recursive: true }));

function build(release: string): string {
  const built = mkdtempSync(join(tmpdir(), "client-"));
  cpSync(SOURCE, built, { recursive: true });
  writeClient(built, release);
  return built;
}

test("the client is several megabytes under hashed names, and the page refers to them relatively", () => {
  const names = readdirSync(folder);
  const bundle = names.filter((name) => /^bundle\.[0-9a-f]{20}\.js$/.test(name));
  expect(bundle).toHaveLength(1);
  expect(readFileSync(join(folder, bundle[0] ?? "")).length).toBeGreaterThan(2_000_000);
  expect(names.filter((name) => /^chunk\.[0-9a-f]{20}\.js$/.test(name))).toHaveLength(5);
  const page = readFileSync(join(folder, "index.html"), "utf8");
  expect(page).toContain(`src="${bundle[0]}"`);
  expect(page.match(/(?:src|href)="(?:\/|https?:)/g)).toBeNull();
});

test("the same sources and release give the same names, another release other ones", () => {
  const [again, other] = [build("3.0.30"), build("3.0.28")];
  expect(readdirSync(again)).toEqual(readdirSync(folder));
  expect(readdirSync(other)).not.toEqual(readdirSync(folder));
  for (const built of [again, other]) rmSync(built, { recursive: true });
});

test("the WebAssembly module is a valid one", async () => {
  const module = readFileSync(join(folder, "wasm/tflite-simd.wasm"));
  expect(module.length).toBeGreaterThan(250_000);
  expect(runInNewContext("WebAssembly.validate(module)", { module })).toBe(true);
});

describe("in a browser", () => {
  test("the API is looked for below the path in the address bar, and what it names is shown", async () => {
    const page = await open("https://bbb.cluster.test:8443/bbb-01/html5client/?sessionToken=abc");
    expect(page.requests).toContain("https://bbb.cluster.test/bbb-01/bigbluebutton/api application/json");
    expect(page.shown("websocket")).toBe("wss://bbb-01.cluster.test/graphql");
    expect(page.shown("session")).toBe("abc");
    expect(page.shown("status")).toBe("Connected to the meeting's server");
  });

  test("an address that ends in anything else fails visibly", async () => {
    const page = await open("https://bbb.cluster.test/bbb-01/html5client/join?sessionToken=abc");
    expect(page.shown("status")).toBe("Something went wrong: /bbb-01/html5client/join does not end in /html5client/");
  });
});

/** Runs the client's program with just enough of a browser around it, until it says that it is connected or failed. */
async function open(address: string) {
  const location = new URL(address);
  const requests: string[] = [];
  const elements = new Map<string, { textContent: string; className: string }>();
  const element = (id: string) => {
    if (!elements.has(id)) elements.set(id, { textContent: "", className: "" });
    return elements.get(id) as { textContent: string; className: string };
  };
  const answers: Record<string, unknown> = {
    "locales/": [{ name: "en.json" }],
    "locales/en.json": JSON.parse(readFileSync(join(SOURCE, "locales/en.json"), "utf8")),
    "https://bbb-01.cluster.test/api/rest/meetingStaticData?sessionToken=abc": {},
    "https://bbb.cluster.test/bbb-01/bigbluebutton/api": {
      response: {
        graphqlWebsocketUrl: "wss://bbb-01.cluster.test/graphql",
        graphqlApiUrl: "https://bbb-01.cluster.test/api/rest",
      },
    },
  };
  let finished = () => {};
  const settled = new Promise<void>((resolve) => {
    finished = resolve;
  });
  const program = readFileSync(join(SOURCE, "client.js"), "utf8").replace(/start\(\);\s*$/, "start().then(finished);");
  runInNewContext(`const CHUNKS = [];\n${program}\n`, {
    location,
    URLSearchParams,
    navigator: { languages: ["en-GB"] },
    document: { getElementById: element, querySelectorAll: () => [] },
    finished: () => finished(),
    fetch: async (url: string, init?: { headers?: Record<string, string> }) => {
      requests.push(`${url} ${init?.headers?.["Content-Type"] ?? ""}`.trim());
      return { ok: url in answers, status: 404, json: async () => answers[url] };
    },
    WebSocket: AcknowledgingSocket,
  });
  await settled;
  return { requests, shown: (id: string) => element(id).textContent };
}

class AcknowledgingSocket {
  onopen = () => {};
  onmessage = (_event: { data: string }) => {};
  constructor() {
    setImmediate(() => this.onopen());
  }
  send(text: string) {
    if (JSON.parse(text).type === "connection_init") this.onmessage({ data: '{"type":"connection_ack"}' });
  }
}
