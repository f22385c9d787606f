import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { LabUnderTest } from "./lab";
import { finished, printed, succeeded } from "./outcome";

// Kills while a node is installed and while a setting changes are in cluster.test.ts and operation.test.ts.
const lab = new LabUnderTest("disturbed");

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "1"));
});

afterAll(() => lab.remove());

/** Kills a run as soon as a server is there, or is not there any more, at Hetzner. */
async function killedOnce(server: string, is: "made" | "deleted", command: string): Promise<void> {
  const run = lab.startShell(command);
  const ended = finished(run);
  const until = is === "made" ? "until" : "while";
  await lab.shell(`${until} hcloud server list -o noheader -o columns=name | grep -qx ${server}; do sleep 0.1; done`);
  lab.signal(run, "SIGKILL");
  await ended;
}

const up = "pulumi up --yes --skip-preview --non-interactive";
const destroy = "pulumi destroy --yes --skip-preview --non-interactive";

/** `pulumi cancel` frees the stack; then README's first command. */
async function recover(): Promise<void> {
  await lab.shell("pulumi cancel --yes");
  await succeeded(lab.shell("npm run -s recover -- --yes"));
}

/** The next request that it is for meets a fault, once. */
async function strike(kind: string, ...limits: string[]): Promise<void> {
  await succeeded(lab.lab("fault", kind, "on", "--times", "1", ...limits));
}

async function expectUp(): Promise<void> {
  await succeeded(lab.shell(up));
}

async function servers(): Promise<string[]> {
  const { stdout } = await lab.shell("hcloud server list -o noheader -o columns=name");
  return stdout.trim().split("\n").sort();
}

/** The cluster has these nodes, as a user would notice, and Pulumi sees nothing left to do. */
async function expectNodes(...nodes: string[]): Promise<void> {
  expect(await servers()).toEqual(["bbb", ...nodes]);
  await succeeded(lab.lab("verify"));
  expect(await lab.pendingChanges()).toEqual([]);
}

describe.sequential("at most two commands bring what is wanted", () => {
  test("after a kill while a server is made", async () => {
    await killedOnce("bbb-02", "made", `pulumi config set nodes 2; ${up}`);
    await recover();
    await expectUp();
    await expectNodes("bbb-01", "bbb-02");
  });

  test("after a kill while nodes leave", async () => {
    await killedOnce("bbb-02", "deleted", `pulumi config set nodes 1; ${up}`);
    await recover();
    await expectUp();
    await expectNodes("bbb-01");
  });

  test("after a row of faults that each end a run", async () => {
    await lab.shell("pulumi config set nodes 2");
    for (const kind of ["locked", "unavailable", "out-of-stock", "action-error"]) {
      await strike(kind, ...(kind === "unavailable" ? ["--method", "POST"] : []));
      expect((await lab.shell(up)).status, kind).not.toBe(0);
    }
    await recover();
    await expectUp();
    await expectNodes("bbb-01", "bbb-02");
  });

  test("after a run that waited for an answer in vain, broken off with Ctrl-C twice", async () => {
    await lab.lab("fault", "no-answer", "on", "--method", "DELETE");
    const run = lab.startShell(`pulumi config set nodes 1; ${up}`);
    const ended = finished(run);
    await printed(run, /bbb-02-\S+ deleting/);
    lab.signal(run, "SIGINT");
    await printed(run, /\^C received; cancelling/);
    lab.signal(run, "SIGINT");
    expect((await ended).status).not.toBe(0);
    await lab.lab("fault", "no-answer", "off");
    await recover();
    await expectUp();
    await expectNodes("bbb-01");
  });

  test("after a kill while everything is destroyed, and faults that the plugin bears", async () => {
    await killedOnce("bbb-01", "deleted", destroy);
    await recover();
    for (const kind of ["rate-limit", "conflict", "bad-gateway", "timeout"]) await strike(kind);
    await succeeded(lab.shell(destroy));
    for (const kind of ["server", "network", "firewall", "primary-ip", "ssh-key", "placement-group"]) {
      expect((await lab.shell(`hcloud ${kind} list -o noheader`)).stdout.trim(), kind).toBe("");
    }
  });
});
