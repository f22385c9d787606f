import { afterEach, describe, expect, test } from "vitest";

import { LabUnderTest } from "./lab";
import { succeeded } from "./outcome";

const lab = new LabUnderTest("releases");

afterEach(() => lab.remove());

/** One release of every kind of node that the lab can run. */
describe.sequential.each(["2.7", "3.0.4", "3.0.30", "3.0", "4.0"])("release %s", (release) => {
  test("joins the cluster, serves its users, and is not taken for another line", async () => {
    await succeeded(lab.lab("up", "--nodes", "1", "--release", release));
    await succeeded(lab.lab("verify"));
    await succeeded(lab.shell("pulumi preview --expect-no-changes"));

    const other = release.startsWith("3.0") ? "4.0" : "3.0";
    const refused = await lab.lab("up", "--release", other);
    expect(refused.status).not.toBe(0);
    expect(`${refused.stdout}${refused.stderr}`).toMatch(/BigBlueButton .* is installed/);

    await succeeded(lab.lab("up", "--release", release));

    // Each line that we write there is taken away in turn, and some check has to notice; before and after, none fails.
    await succeeded(lab.lab("mutate"));
  });
});
