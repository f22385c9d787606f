import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { focalSnapshot } from "../../lab/api/catalogue";
import { installerPath } from "../../lab/bigbluebutton/installer";
import { releaseLine } from "../../plan/releases";
import { LabUnderTest } from "./lab";
import { succeeded } from "./outcome";

const lab = new LabUnderTest("releases");

/** A release of every kind of node that the lab can run; the first is the stack's own. */
const releases = { "bbb-01": "3.0", "bbb-02": "3.0.4", "bbb-03": "3.0.30", "bbb-04": "2.7", "bbb-05": "4.0" };
const nodes = Object.keys(releases);

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "1"));
  await setReleases(releases);
  await succeeded(lab.lab("up", "--nodes", `${nodes.length}`));
});

afterAll(() => lab.remove());

/** Gives nodes a release, with what belongs to its line, as docs/nodes.md tells to. */
async function setReleases(wanted: Record<string, string>): Promise<void> {
  await lab.shell("pulumi config rm --path nodeSettings");
  for (const [node, release] of Object.entries(wanted)) {
    const { line } = releaseLine(release);
    const url = `https://packages.lab.test/${installerPath(line)}`;
    const values = {
      release,
      "installer.url": url,
      "installer.sha256": `$(curl -fsS ${url} | sha256sum | cut -d' ' -f1)`,
      "installer.repository": "packages.lab.test",
      ...(line === "2.7" ? { image: `${focalSnapshot.id}` } : {}),
    };
    const words = Object.entries(values).map(([key, value]) => `--plaintext "nodeSettings.${node}.${key}=${value}"`);
    await succeeded(lab.shell(`pulumi config set-all --path ${words.join(" ")}`));
  }
}

describe.sequential("nodes of five releases", () => {
  test("join one cluster, and serve their users", async () => {
    await succeeded(lab.lab("verify"));
    await succeeded(lab.shell("pulumi preview --expect-no-changes"));
  });

  test("are not taken for another line, and go on as they were", async () => {
    const others = nodes.map((node) => [node, node === "bbb-05" ? "3.0" : "4.0"]);
    await setReleases(Object.fromEntries(others));
    const { status, stdout, stderr } = await lab.lab("up");
    expect(status).not.toBe(0);
    for (const node of nodes) {
      expect(`${stdout}${stderr}`).toMatch(new RegExp(`${node}.*BigBlueButton .* is installed`));
    }
    await setReleases(releases);
    await succeeded(lab.lab("up"));
  });

  test("lose no line that we write there without some check that notices", async () => {
    // Each is taken away in turn; before and after, none fails.
    await succeeded(lab.lab("mutate"));
  });
});
