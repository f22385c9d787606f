import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

import { livekitServer } from "../../media/livekit-server";
import { makeRoot, PACKAGES } from "../bigbluebutton/simulation";

const PACKAGED = "/usr/share/livekit-server/livekit.yaml";
const DEFAULTS = readFileSync(join(PACKAGES, "bbb-livekit", PACKAGED), "utf8");
const MERGE = join(PACKAGES, "bbb-livekit/usr/share/livekit-server/merge-configuration");
const SHARED = join(PACKAGES, "bbb-config/usr/lib/python3/dist-packages");

/** Starts LiveKit's unit as far as its configuration, with `override` as the administrator's file. */
function merge(override: string) {
  const root = makeRoot({ [PACKAGED]: DEFAULTS, "/etc/bigbluebutton/livekit.yaml": override });
  const target = join(root, "livekit.yaml");
  const env = { PATH: process.env["PATH"], PYTHONPATH: SHARED, BBB_ROOT: root };
  const { status, stderr } = spawnSync("python3", ["-B", MERGE, target], { env, encoding: "utf8" });
  return { status, stderr, target };
}

test("the administrator's settings are laid over the packaged ones, in a file that only the service reads", () => {
  const { target } = merge("keys:\n  key: secret\nrtc:\n  interfaces:\n    includes: [eth0]\n");
  expect(parse(readFileSync(target, "utf8"))).toMatchObject({
    keys: { key: "secret" },
    port: 7880,
    rtc: { port_range_start: 16384, port_range_end: 32768, interfaces: { includes: ["eth0"], excludes: ["docker0"] } },
  });
  expect(statSync(target).mode & 0o777).toBe(0o600);
});

test("a broken configuration keeps LiveKit from starting and is named", () => {
  const { status, stderr } = merge("keys: [");
  expect(status).toBe(1);
  expect(stderr).toContain("/etc/bigbluebutton/livekit.yaml");
});

test("the committed Go module builds the version that the package is named after", () => {
  const module = readFileSync(join(__dirname, "../../media/livekit-server/go.mod"), "utf8");
  expect(module).toContain(`github.com/livekit/livekit-server v${livekitServer.version}`);
});
