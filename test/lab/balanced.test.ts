import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { LabUnderTest } from "./lab";
import { succeeded } from "./outcome";
import { Scalelite } from "./scalelite";

const lab = new LabUnderTest("balanced");
const balancer = new Scalelite(lab);

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "3", "--load-balancer", "scalelite"));
  await balancer.open();
});

afterAll(() => lab.remove());

const open = { "bbb-01": "enabled", "bbb-02": "enabled", "bbb-03": "enabled" };
const setting = (value: boolean) => lab.shell(`pulumi config set --path bbbWebProperties.muteOnStart ${value}`);
const hasSetting = async (node: string) =>
  (await lab.onMachine(node, "cat /etc/bigbluebutton/bbb-web.properties")).stdout.includes("muteOnStart=true");

describe.sequential("a cluster behind Scalelite", () => {
  test("has every node there, open", async () => {
    expect(await balancer.states()).toEqual(open);
    // It uses them from its next poll on.
    const first = () => balancer.create("first");
    await expect.poll(first, { timeout: 60_000, interval: 1000 }).toContain("SUCCESS");
    await balancer.end("first");
  });

  test("keeps a node that has a meeting, as it was there, too", async () => {
    expect(await balancer.create("lecture")).toContain("SUCCESS");
    const node = await balancer.nodeOf("lecture");
    await lab.shell(`pulumi config set --path nodeSettings.${node}.state absent`);
    const { status, stdout } = await lab.lab("up");
    expect([status !== 0, stdout]).toEqual([true, expect.stringContaining(`${node} is not empty: 1 meeting with`)]);
    expect(await balancer.states()).toEqual(open);
    await lab.shell("pulumi config rm --path nodeSettings");
    await balancer.end("lecture");
  });

  test("changes a setting on node after node, each closed there first, and no create fails meanwhile", async () => {
    await setting(true);
    await succeeded(lab.lab("up"));
    expect(await hasSetting("bbb-01")).toBe(false);
    const log = join(tmpdir(), `${lab.name}-creates`);
    rmSync(log, { force: true });
    const crowd = lab.startShell(balancer.keepCreating(log));
    const rollout = await lab.shell("npm run -s rollout");
    lab.signal(crowd, "SIGKILL");
    await succeeded(rollout);
    const answers = readFileSync(log, "utf8").trim().split("\n");
    expect(answers.length).toBeGreaterThan(10);
    expect(answers.filter((answer) => answer !== "ok")).toEqual([]);
    for (const node of Object.keys(open)) expect(await hasSetting(node)).toBe(true);
    expect(await balancer.states()).toEqual(open);
  });

  test("leaves a node closed that somebody has closed there, through `up`, rollout and a restart of Scalelite", async () => {
    await balancer.set("bbb-02", "cordon");
    await setting(false);
    await succeeded(lab.lab("up"));
    await succeeded(lab.shell("npm run -s rollout"));
    execFileSync("pkill", ["-KILL", "-f", `scalelite/main.ts ${lab.name} `]);
    const { stdout } = await lab.shell("for i in $(seq 30); do npm run -s status && break; sleep 1; done");
    expect(stdout).toMatch(/bbb-02: closed to new meetings by somebody at the load balancer since 20/);
    // Scalelite itself disables one that is cordoned and has become empty.
    expect(await balancer.states()).toEqual({ ...open, "bbb-02": expect.stringMatching(/^(cordoned|disabled)$/) });
    await succeeded(lab.shell("npm run -s uncordon -- bbb-02"));
    expect(await balancer.states()).toEqual(open);
  });

  test("gives a dead node up, and its rooms begin again elsewhere", async () => {
    expect(await balancer.create("seminar")).toContain("SUCCESS");
    const dead = await balancer.nodeOf("seminar");
    await succeeded(lab.lab("fault", "unreachable", dead, "on"));
    await succeeded(lab.shell(`npm run -s leave -- ${dead} --abandon --yes`));
    expect(await balancer.create("seminar")).toContain("SUCCESS");
    expect(await balancer.nodeOf("seminar")).not.toBe(dead);
    expect(Object.keys(await balancer.states()).sort()).toEqual(Object.keys(open).filter((node) => node !== dead));
  });

  test("is not left behind there when it goes as a whole", async () => {
    await succeeded(lab.shell("pulumi destroy --yes --skip-preview"));
    expect(await balancer.states()).toEqual({});
  });
});
