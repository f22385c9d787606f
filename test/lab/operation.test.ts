import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { LabUnderTest } from "./lab";

const lab = new LabUnderTest("operation");

beforeAll(async () => {
  expect((await lab.lab("up", "--nodes", "1", "--release", "3.0.30")).status).toBe(0);
});

afterAll(() => lab.remove());

const callApi = (call: string, query: string) => lab.callApi("bbb-01", call, query);

const webProperties = "/etc/bigbluebutton/bbb-web.properties";

const onNode = (command: string) => lab.onMachine("bbb-01", command);

/** Waits until a line stands in the node's properties. */
async function written(pattern: string): Promise<void> {
  const command = `for second in $(seq 300); do grep -q '${pattern}' ${webProperties} && exit; sleep 0.2; done; exit 1`;
  expect((await onNode(command)).status).toBe(0);
}

/** `pulumi up` repairs what was found, and then nothing is left to be found. */
async function repaired(): Promise<void> {
  expect((await lab.lab("up")).status).toBe(0);
  expect((await lab.shell("npm run -s drift")).status).toBe(0);
  expect((await lab.lab("verify")).status).toBe(0);
}

describe.sequential("in operation", () => {
  test("what was edited on a node is named, previewed and repaired", async () => {
    await lab.lab("exec", "bbb-01", "--", "sed", "-i", "/^graphqlApiUrl/d", webProperties);
    const failed = await lab.lab("verify");
    expect(failed.status).toBe(1);
    expect(failed.stdout).toMatch(/FAIL bbb-01: settings: .*bbb-web\.properties: graphqlApiUrl: missing/);

    const { status, stdout } = await lab.shell("npm run -s drift");
    expect(status).toBe(3);
    expect(stdout).toMatch(/^bbb: as configured\nbbb-01: differs\n/);
    expect(await lab.pendingChanges()).toEqual(["bbb-01-configured"]);
    await repaired();
  });

  test("what was edited on the proxy is named, previewed and repaired, its routes with it", async () => {
    const route = "/etc/nginx/bbb-cluster/routes/bbb-01.conf";
    await lab.lab("exec", "bbb", "--", "sed", "-i", "$ a # edited by hand", route);
    const { status, stdout } = await lab.shell("npm run -s drift");
    expect(status).toBe(3);
    expect(stdout).toMatch(new RegExp(`^bbb: differs\\n  ${route}: changed.*\\nbbb-01: as configured\\n`));
    expect(await lab.pendingChanges()).toEqual(["bbb-01-route-on-bbb", "bbb-configured"]);
    await repaired();
    expect((await lab.lab("exec", "bbb", "--", "cat", route)).stdout).not.toContain("edited by hand");
  });

  test("a change that was killed half way and then put back is found, although Pulumi sees nothing to do", async () => {
    // Long enough between the first write and the end for the engine to be killed in between.
    const slow = "/etc/systemd/system/bbb-web.service.d/slow.conf";
    const unit = "[Service]\\nExecStartPre=/bin/sleep 20\\n";
    await onNode(`mkdir -p $(dirname ${slow}); printf '${unit}' > ${slow}; systemctl daemon-reload`);

    await lab.shell("pulumi config set --path bbbWebProperties.learningDashboardEnabled false");
    const killed = lab.startShell("pulumi up --yes --skip-preview");
    await written("^learningDashboardEnabled=false");
    lab.signal(killed, "SIGKILL");
    await onNode(`rm ${slow}; systemctl daemon-reload`);
    await lab.shell("pulumi cancel --yes; pulumi config rm --path bbbWebProperties.learningDashboardEnabled");

    expect(await lab.pendingChanges()).toEqual([]);
    expect((await onNode(`cat ${webProperties}`)).stdout).toContain("learningDashboardEnabled=false");
    const { status, stdout } = await lab.shell("npm run -s drift");
    expect(status).toBe(3);
    expect(stdout).toMatch(/bbb-01: differs\n(?: .*\n)* {2}configure-node: .*interrupted while it changed/);
    expect(await lab.pendingChanges()).toEqual(["bbb-01-configured"]);
    await repaired();
    expect((await onNode(`cat ${webProperties}`)).stdout).not.toContain("learningDashboardEnabled=false");
  });

  test("a change waits for a running meeting, and changes nothing when that outlasts the timeout", async () => {
    expect((await callApi("create", "meetingID=lecture&name=lecture")).stdout).toContain("SUCCESS");
    await lab.shell(
      "pulumi config set drainTimeoutMinutes 1; pulumi config set --path bbbWebProperties.muteOnStart true",
    );
    const { status, stdout } = await lab.lab("up");
    expect(status).not.toBe(0);
    expect(stdout).toMatch(/would end 1 meeting .* nothing was changed/);
    expect((await callApi("getMeetings", "")).stdout).toContain("<meetingID>lecture</meetingID>");
    expect((await lab.shell(`ssh bbb-01 cat ${webProperties}`)).stdout).not.toContain("muteOnStart");

    await callApi("end", "meetingID=lecture");
    expect((await lab.lab("up")).status).toBe(0);
    expect((await lab.shell(`ssh bbb-01 cat ${webProperties}`)).stdout).toContain("muteOnStart=true");
  });

  test("an upgrade brings what the new release needs and gives up what it no longer reads", async () => {
    const settings = "ssh bbb-01 cat /etc/bigbluebutton/bbb-html5.yml";
    expect((await lab.shell(settings)).stdout).toContain("sip_ws_host");
    expect((await lab.lab("up", "--release", "3.0.38")).status).toBe(0);
    expect((await lab.shell(settings)).stdout).not.toContain("sip_ws_host");
    expect((await lab.lab("verify")).status).toBe(0);
  });
});
