import { afterEach, describe, expect, test } from "vitest";

import { LabUnderTest } from "./lab";

const lab = new LabUnderTest("releases");

afterEach(() => lab.remove());

/** One release of every kind of node that the lab can run. */
describe.sequential.each(["2.7", "3.0.4", "3.0.30", "3.0", "4.0"])("release %s", (release) => {
  test("joins the cluster, serves its users, and is not taken for another line", async () => {
    expect((await lab.lab("up", "--nodes", "1", "--release", release)).status).toBe(0);
    expect((await lab.lab("verify")).status).toBe(0);
    expect((await lab.shell("pulumi preview --expect-no-changes")).status).toBe(0);

    // Each line that we write there is taken away in turn, and some check has to notice.
    expect((await lab.lab("mutate")).status).toBe(0);

    const other = release.startsWith("3.0") ? "4.0" : "3.0";
    const refused = await lab.lab("up", "--release", other);
    expect(refused.status).not.toBe(0);
    expect(`${refused.stdout}${refused.stderr}`).toMatch(/BigBlueButton .* is installed/);

    expect((await lab.lab("up", "--release", release)).status).toBe(0);
    expect((await lab.lab("verify")).status).toBe(0);
  });
});
