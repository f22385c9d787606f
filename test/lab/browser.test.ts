import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { LabUnderTest } from "./lab";
import { succeeded } from "./outcome";

const lab = new LabUnderTest("browser");

/** As BigBlueButton's documentation says: it is optional in 3.0, and bbb-webrtc-sfu has to let people in. */
const addLivekit = [
  "mkdir -p /etc/bigbluebutton/bbb-webrtc-sfu",
  "printf 'livekit:\\n  enabled: true\\n' >/etc/bigbluebutton/bbb-webrtc-sfu/production.yml",
  "apt-get update -q",
  "apt-get install -qy bbb-livekit",
].join("; ");

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "2"));
  for (const node of ["bbb-01", "bbb-02"]) {
    await succeeded(lab.lab("exec", node, "--", "sh", "-ec", addLivekit));
  }
  // Its package has made a file of which a part is ours.
  expect((await lab.shell("npm run -s drift")).status).toBe(3);
  await succeeded(lab.lab("up"));
});

afterAll(() => lab.remove());

describe.sequential("in a real browser", () => {
  test("a user of two nodes is asked once for microphone and camera, and two users hear and see each other", async () => {
    const { stdout } = await succeeded(lab.lab("browser"));
    expect(stdout).toContain("ok   prompts: expected microphone and camera are asked for once");
  });

  test("without cluster mode the same user is asked twice, and at home, behind a router, all is heard and seen as well", async () => {
    await succeeded(everyNode("standalone"));
    const { stdout } = await succeeded(lab.lab("browser", "--home"));
    expect(stdout).toContain("ok   prompts: expected microphone and camera are asked for twice");
  });
});

function everyNode(state: string) {
  const settings = ["bbb-01", "bbb-02"].map((node) => `--plaintext nodeSettings.${node}.state=${state}`);
  return lab.shell(`pulumi config set-all --path ${settings.join(" ")}; pulumi up --yes --skip-preview`);
}
