import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";

import { livekitServer } from "../../media/livekit-server";
import { findCached } from "../../toolchain/cache";
import { processContext } from "../../toolchain/context";
import { makeRoot, PACKAGES } from "../bigbluebutton/simulation";

const SHARE_KEYS = "usr/share/livekit-server/share-keys";
const SHARED = join(PACKAGES, "bbb-config/usr/lib/python3/dist-packages");
const POSTINST = {
  "3.0": join(PACKAGES, "bbb-livekit/DEBIAN/postinst"),
  "4.0": join(PACKAGES, "../variants/noble/bbb-livekit/DEBIAN/postinst"),
};
const LIVEKIT = "/etc/bigbluebutton/livekit.yaml";
const SFU = "/etc/bigbluebutton/bbb-webrtc-sfu/production.yml";

let bin: string;
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), "livekit-bin-"));
  for (const [name, script] of [
    ["livekit-server", "printf 'API Key:  APInew\\nAPI Secret:  new-secret\\n'"],
    ["chown", "true"],
  ] as const) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
});
afterAll(() => rmSync(bin, { recursive: true }));

/** Installs bbb-livekit of a line over `files`, as far as its postinst goes. */
function install(line: keyof typeof POSTINST, files: Record<string, string>) {
  const root = makeRoot({ "/etc/bigbluebutton/bigbluebutton-release": "", ...files });
  const shareKeys = join(root, SHARE_KEYS);
  mkdirSync(dirname(shareKeys), { recursive: true });
  writeFileSync(shareKeys, readFileSync(join(PACKAGES, "bbb-livekit", SHARE_KEYS)), { mode: 0o755 });
  mkdirSync(join(root, dirname(SFU)), { recursive: true });
  const env = { PATH: `${bin}:${process.env["PATH"]}`, BBB_ROOT: root, PYTHONPATH: SHARED };
  const { status, stderr } = spawnSync("bash", ["-e", POSTINST[line], "configure"], { env, encoding: "utf8" });
  return { status, stderr, file: (path: string) => readFileSync(join(root, path), "utf8") };
}

test.each(["3.0", "4.0"] as const)("%s: without a livekit.yaml keys are made, and bbb-webrtc-sfu is told", (line) => {
  const { status, file } = install(line, { [SFU]: "livekit:\n  enabled: true\n" });
  expect(status).toBe(0);
  expect(parse(file(LIVEKIT))).toEqual({ keys: { APInew: "new-secret" }, webhook: { api_key: "APInew" } });
  expect(parse(file(SFU))).toEqual({ livekit: { enabled: true, key: "APInew", secret: "new-secret" } });
});

test("keys that are there stay, and are told again", () => {
  const own = "keys:\n  mine: own-secret\nwebhook:\n  api_key: mine\n";
  for (const line of ["3.0", "4.0"] as const) {
    const { file } = install(line, { [LIVEKIT]: own });
    expect(file(LIVEKIT)).toBe(own);
    expect(parse(file(SFU)).livekit).toEqual({ key: "mine", secret: "own-secret" });
  }
});

test.each([
  ["settings of somebody else's", "rtc:\n  ips:\n    excludes: [10.0.0.0/8]\n"],
  ["nothing", ""],
  ["empty keys", "keys:\n"],
])("3.0: a livekit.yaml with %s stops the package half configured", (_, text) => {
  const { status, stderr } = install("3.0", { [LIVEKIT]: text });
  expect(status).not.toBe(0);
  expect(stderr).toContain("Error: cannot get keys of !!null");
});

// The server itself says what its configuration has to be; it is there once a lab was built on this machine.
const server = findCached(
  processContext(join(__dirname, "../../media"), () => {}),
  livekitServer,
);

test.skipIf(server === undefined)(
  "LiveKit needs keys, ends with a key it does not know, and takes rtc.ips.excludes",
  () => {
    // Of its own: the same tests may go on beside it with another Node.js.
    const port = 20_000 + (process.pid % 10_000);
    const root = makeRoot({
      "/none.yaml": `port: ${port}\nrtc:\n  ips:\n    excludes: [10.0.0.0/8]\n`,
      "/unknown.yaml": `port: ${port}\nkeys:\n  key: 0123456789abcdef0123456789abcdef\nrtc:\n  ips:\n    exclude: []\n`,
      "/right.yaml":
        `port: ${port}\nbind_addresses: [127.0.0.1]\nkeys:\n  key: 0123456789abcdef0123456789abcdef\n` +
        "rtc:\n  port_range_start: 51000\n  port_range_end: 51010\n  tcp_port: 0\n  ips:\n    excludes: [10.0.0.0/8]\n",
    });
    const run = (name: string): SpawnSyncReturns<string> => {
      const program = join(server?.dir ?? "", "livekit-server");
      return spawnSync("timeout", ["2", program, "--config", join(root, name)], { encoding: "utf8" });
    };
    expect(run("none.yaml").stdout).toContain("one of key-file or keys must be provided");
    expect(run("unknown.yaml").stdout).toContain("field exclude not found");
    // 124: it was still running when its time was up.
    expect(run("right.yaml").status).toBe(124);
  },
);
