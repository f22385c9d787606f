import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { LabUnderTest } from "./lab";

const lab = new LabUnderTest("operation");

beforeAll(async () => {
  expect((await lab.lab("up", "--nodes", "1", "--release", "3.0.30")).status).toBe(0);
});

afterAll(() => lab.remove());

/** A call of the node's API, with the checksum that its secret gives. */
function callApi(call: string, query: string) {
  return lab.shell(
    [
      "secret=$(ssh bbb-01 bbb-conf --secret | sed -n 's/^ *Secret: //p')",
      `sum=$(printf '%s' '${call}${query}'"$secret" | sha256sum | cut -d' ' -f1)`,
      `curl -s "https://bbb-01.cluster.test/bigbluebutton/api/${call}?${query}&checksum=$sum"`,
    ].join("; "),
  );
}

describe.sequential("in operation", () => {
  test("what was edited on a node is named, previewed and set right again", async () => {
    await lab.lab("exec", "bbb-01", "--", "sed", "-i", "/^graphqlApiUrl/d", "/etc/bigbluebutton/bbb-web.properties");
    const failed = await lab.lab("verify");
    expect(failed.status).toBe(1);
    expect(failed.stdout).toMatch(/FAIL bbb-01: settings: .*bbb-web\.properties graphqlApiUrl missing/);

    expect((await lab.shell("npm run -s drift || [ $? = 3 ]")).status).toBe(0);
    const { stdout } = await lab.shell("pulumi preview --json");
    const changes = JSON.parse(stdout).steps.filter(({ op }: { op: string }) => op !== "same");
    expect(changes.map(({ urn }: { urn: string }) => urn.split("::").at(-1))).toEqual(["bbb-01-configured"]);

    expect((await lab.lab("up")).status).toBe(0);
    expect((await lab.lab("verify")).status).toBe(0);
    expect((await lab.shell("npm run -s drift")).status).toBe(0);
  });

  test("a change waits for a running meeting, and changes nothing when that outlasts its patience", async () => {
    expect((await callApi("create", "meetingID=lecture&name=lecture")).stdout).toContain("SUCCESS");
    await lab.shell(
      "pulumi config set drainTimeoutMinutes 1; pulumi config set --path bbbWebProperties.muteOnStart true",
    );
    const { status, stdout } = await lab.lab("up");
    expect(status).not.toBe(0);
    expect(stdout).toMatch(/would end 1 meeting .* nothing was changed/);
    expect((await callApi("getMeetings", "")).stdout).toContain("<meetingID>lecture</meetingID>");
    expect((await lab.shell("ssh bbb-01 cat /etc/bigbluebutton/bbb-web.properties")).stdout).not.toContain(
      "muteOnStart",
    );

    await callApi("end", "meetingID=lecture");
    expect((await lab.lab("up")).status).toBe(0);
    expect((await lab.shell("ssh bbb-01 cat /etc/bigbluebutton/bbb-web.properties")).stdout).toContain(
      "muteOnStart=true",
    );
  });

  test("an upgrade brings what the new release needs and gives up what it no longer reads", async () => {
    const settings = "ssh bbb-01 cat /etc/bigbluebutton/bbb-html5.yml";
    expect((await lab.shell(settings)).stdout).toContain("sip_ws_host");
    expect((await lab.lab("up", "--release", "3.0.38")).status).toBe(0);
    expect((await lab.shell(settings)).stdout).not.toContain("sip_ws_host");
    expect((await lab.lab("verify")).status).toBe(0);
  });
});
