import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { LabUnderTest } from "./lab";
import { finished, printed, succeeded } from "./outcome";

const lab = new LabUnderTest("life");

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "3"));
});

afterAll(() => lab.remove());

/** On the node itself: one that is on its way out is not among the stack's outputs. */
async function api(node: string, call: string, query: string): Promise<string> {
  const script = [
    "secret=$(bbb-conf --secret | sed -n 's/^ *Secret: //p')",
    `sum=$(printf '%s' '${call}${query}'"$secret" | sha256sum | cut -d' ' -f1)`,
    `curl -sk "https://localhost/bigbluebutton/api/${call}?${query}&checksum=$sum"`,
  ];
  return (await lab.onMachine(node, script.join("; "))).stdout;
}

const create = (node: string, id: string) => api(node, "create", `meetingID=${id}&name=${id}`);
const end = (node: string, id: string) => api(node, "end", `meetingID=${id}`);
const meetings = async (node: string) =>
  [...(await api(node, "getMeetings", "")).matchAll(/<meetingID>([^<]*)/g)].map(([, id]) => id);
const properties = (node: string) => lab.onMachine(node, "cat /etc/bigbluebutton/bbb-web.properties");
const occupancy = async (node: string) =>
  JSON.parse((await lab.onMachine(node, "bbb-cluster occupancy </dev/null")).stdout);

describe.sequential("the life of a cluster", () => {
  test("a node with a meeting is not removed, nothing of it is touched, and other changes of the run are made", async () => {
    expect(await create("bbb-02", "lecture")).toContain("SUCCESS");
    await lab.shell("pulumi config set --path nodeSettings.bbb-02.state absent; pulumi config set logDays 9");
    const { status, stdout } = await lab.lab("up");
    expect([status !== 0, stdout]).toEqual([
      true,
      expect.stringMatching(/bbb-02 is not empty: 1 meeting with 0 people/),
    ]);
    expect(stdout).toMatch(/bbb-configured updated/);
    expect([await lab.clientStatus("bbb-02"), await meetings("bbb-02")]).toEqual(["200", ["lecture"]]);
    await lab.shell("pulumi config set --path nodeSettings.bbb-02.state present");
    expect(await create("bbb-02", "another")).toContain("SUCCESS");
    await end("bbb-02", "another");
  });

  test("it leaves when the meeting is over, taking no other until then, and no lock is held meanwhile", async () => {
    const leaving = lab.startShell("npm run leave -- bbb-02 --drain-timeout 5");
    const gone = finished(leaving);
    await printed(leaving, /waits for bbb-02/);
    expect(await create("bbb-02", "new")).toContain("nodeClosed");
    expect(await create("bbb-02", "lecture")).toContain("duplicateWarning");
    expect(await lab.pendingChanges()).toEqual([]);
    await end("bbb-02", "lecture");
    await succeeded(gone);
    expect([await lab.clientStatus("bbb-01"), await lab.clientStatus("bbb-02")]).toEqual(["200", "404"]);
  });

  test("a change waits on a node with a meeting; a rollout that is killed goes on where it was, and ends no meeting", async () => {
    expect(await create("bbb-03", "seminar")).toContain("SUCCESS");
    await lab.shell("pulumi config set --path bbbWebProperties.muteOnStart true");
    await succeeded(lab.lab("up"));
    expect((await properties("bbb-01")).stdout).toContain("muteOnStart=true");
    expect((await properties("bbb-03")).stdout).not.toContain("muteOnStart=true");
    expect((await lab.shell("npm run -s status")).stdout).toMatch(/^bbb-03 .* 1 change /m);

    const killed = lab.startShell("npm run rollout");
    await printed(killed, /bbb-03: closed to new meetings/);
    lab.signal(killed, "SIGKILL");
    expect((await occupancy("bbb-03")).cordons).toHaveProperty("rollout");

    const rollout = lab.startShell("npm run rollout");
    const done = finished(rollout);
    await printed(rollout, /bbb-03/);
    expect(await meetings("bbb-03")).toEqual(["seminar"]);
    await end("bbb-03", "seminar");
    await succeeded(done);
    expect((await properties("bbb-03")).stdout).toContain("muteOnStart=true");
    expect(await occupancy("bbb-03")).toMatchObject({ cordons: {}, pending: null });
  });

  test("what was closed by hand stays so through `up` and a rollout; status says since when and why", async () => {
    await succeeded(lab.shell('npm run cordon -- bbb-03 --reason "a fan hums"'));
    expect((await lab.shell('npm run cordon -- bbb-01 --reason "it is the last"')).status).not.toBe(0);
    await lab.shell("pulumi config set --path bbbWebProperties.muteOnStart false");
    await succeeded(lab.lab("up"));
    await succeeded(lab.shell("npm run -s rollout"));
    expect((await lab.shell("npm run -s status")).stdout).toMatch(/bbb-03: .*hand .*since .*a fan hums/);
    expect(await create("bbb-03", "new")).toContain("nodeClosed");
    await succeeded(lab.shell("npm run uncordon -- bbb-03"));
    expect(await create("bbb-03", "new")).toContain("SUCCESS");
    await end("bbb-03", "new");
  });

  test("a dead node that is given up goes within a minute", async () => {
    await succeeded(lab.lab("fault", "unreachable", "bbb-03", "on"));
    const started = performance.now();
    await succeeded(lab.shell("npm run leave -- bbb-03 --abandon --yes"));
    expect(performance.now() - started).toBeLessThan(60_000);
    expect(await lab.clientStatus("bbb-03")).toBe("404");
    await succeeded(lab.lab("verify"));
  });
});
