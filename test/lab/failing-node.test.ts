import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { LabUnderTest, slides } from "./lab";
import { type Outcome, succeeded } from "./outcome";

const lab = new LabUnderTest("failing");

const own = mkdtempSync(join(tmpdir(), "own-files-"));
/** Tells what the node's file says when it runs, and how the proxy answers for the node by then. */
const hook = `#!/bin/sh
set -e
status=$(curl -s -o /dev/null -w '%{http_code}' "https://bbb.cluster.test/$BBB_CLUSTER_NODE/html5client/")
echo "$BBB_CLUSTER_EVENT $BBB_CLUSTER_NODE $(cat ${slides}) $status" >> /root/told
`;

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "3"));
  writeFileSync(join(own, "default.pdf"), "ours");
  writeFileSync(join(own, "hook.sh"), hook);
  await succeeded(lab.bringOwnFiles(`${own}/default.pdf`, `${own}/hook.sh`));
});

afterAll(() => {
  lab.remove();
  rmSync(own, { recursive: true });
});

function properties(node: string): Promise<Outcome> {
  return lab.lab("exec", node, "--", "cat", "/etc/bigbluebutton/bbb-web.properties");
}

describe.sequential("a node that is cut off while a change is pending for it", () => {
  test("holds up no other: one leaves, one arrives and serves, one gets its setting, in the same run", async () => {
    await succeeded(lab.lab("fault", "unreachable", "bbb-02", "on"));
    await lab.shell(
      "pulumi config set --path bbbWebProperties.muteOnStart true; " +
        "pulumi config set --path nodeSettings.bbb-03.state absent; pulumi config set nodes 4",
    );
    const { status, stdout, stderr } = await lab.lab("up");
    expect(status).not.toBe(0);
    const failed = [...`${stdout}${stderr}`.matchAll(/(\S+) \*\*\w+ failed\*\*/g)].map(([, name]) => name);
    expect([...new Set(failed)]).toEqual(["bbb-02-configured"]);

    expect(await lab.clientStatus("bbb-03")).toBe("404");
    expect(await lab.clientStatus("bbb-04")).toBe("200");
    for (const node of ["bbb-01", "bbb-04"]) expect((await properties(node)).stdout).toContain("muteOnStart=true");
  });

  test("the one that arrived had the administrator's file and passed the hook before its route opened", async () => {
    const told = async (node: string) => (await lab.onMachine(node, "cat /root/told")).stdout;
    expect(await told("bbb-04")).toBe("arrived bbb-04 ours 404\n");
    expect(await told("bbb-01")).toBe("arrived bbb-01 ours 200\n");
  });

  test("is named by status and drift, which tell of the others all the same", async () => {
    const { status, stdout } = await lab.lab("status");
    expect([status, stdout]).toEqual([1, expect.stringMatching(/^bbb-02 .* unreachable /m)]);
    expect(stdout).toMatch(/^bbb-04 +present .* present +0 +0 /m);
    const drift = await lab.lab("drift");
    expect(drift.status).toBe(1);
    expect(drift.stdout).toMatch(/^bbb-01: as configured\nbbb-02: cannot be asked: .*\nbbb-04: as configured$/m);
  });

  test("gets its change when it is back", async () => {
    await succeeded(lab.lab("fault", "unreachable", "bbb-02", "off"));
    await succeeded(lab.lab("up"));
    expect((await properties("bbb-02")).stdout).toContain("muteOnStart=true");
    await succeeded(lab.lab("verify"));
  });
});
