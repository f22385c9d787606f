import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { labNamed } from "../../lab/paths";
import { LabUnderTest, slides } from "./lab";
import { succeeded } from "./outcome";
import { watchProcesses } from "./processes";

const lab = new LabUnderTest("operation");

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "1", "--release", "3.0.30"));
});

afterAll(() => lab.remove());

const callApi = (call: string, query: string, path = call) => lab.callApi("bbb-01", call, query, path);
const webProperties = "/etc/bigbluebutton/bbb-web.properties";

/** Waits until bbb-web answers. */
const answers =
  "for second in $(seq 60); do curl -fsk https://localhost/bigbluebutton/api >/dev/null && break; sleep 1; done";

const onNode = (command: string) => lab.onMachine("bbb-01", command);

/** Waits until a line stands in the node's properties. */
async function written(pattern: string): Promise<void> {
  const command = `for second in $(seq 300); do grep -q '${pattern}' ${webProperties} && exit; sleep 0.2; done; exit 1`;
  await succeeded(onNode(command));
}

/** The environment with which a service runs. */
async function environmentOf(unit: string): Promise<string> {
  return (await onNode(`tr '\\0' '\\n' < /proc/$(systemctl show --value -p MainPID ${unit})/environ`)).stdout;
}

/** `pulumi up` repairs what was found, and then nothing is left to be found. */
async function repaired(): Promise<void> {
  await succeeded(lab.lab("up"));
  await succeeded(lab.shell("npm run -s drift"));
  await succeeded(lab.lab("verify"));
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

  test("options of Java that `systemctl edit` sets are in force beside ours; where another file takes ours away, it is named", async () => {
    const folder = "/etc/systemd/system/bbb-web.service.d";
    const restart = `systemctl daemon-reload; systemctl restart bbb-web; ${answers}`;
    await onNode(
      `printf '[Service]\\nEnvironment="JDK_JAVA_OPTIONS=-Xmx4g"\\n' >> ${folder}/override.conf; ${restart}`,
    );
    expect(await environmentOf("bbb-web")).toMatch(/^JDK_JAVA_OPTIONS=-Xmx4g -Dgrails/m);
    await succeeded(lab.shell("npm run -s drift"));

    const own = "JDK_JAVA_OPTIONS=-Xmx2g";
    const later = `printf '[Service]\\nEnvironmentFile=/etc/default/own\\n' > ${folder}/zzz.conf`;
    await onNode(`echo ${own} > /etc/default/own; ${later}; ${restart}`);
    expect(await environmentOf("bbb-web")).toMatch(new RegExp(`^${own}$`, "m"));
    expect((await lab.lab("verify")).stdout).toMatch(/^FAIL bbb-01: bbb-web for bbb\.cluster\.test: /m);
    const { status, stdout } = await lab.shell("npm run -s drift");
    expect([status, stdout]).toEqual([3, expect.stringMatching(/JDK_JAVA_OPTIONS: overridden .*\/etc\/default\/own/)]);
    await onNode(`rm ${folder}/zzz.conf; systemctl daemon-reload`);
    await repaired();
    expect(await environmentOf("bbb-web")).toMatch(/^JDK_JAVA_OPTIONS=-Xmx4g -Dgrails/m);
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

  test("a change that would end a meeting is kept on the node, and made when nobody is there", async () => {
    expect((await callApi("create", "meetingID=lecture&name=lecture")).stdout).toContain("SUCCESS");
    await lab.shell("pulumi config set --path bbbWebProperties.muteOnStart true");
    const { stdout } = await succeeded(lab.lab("up"));
    expect(stdout).toMatch(/warning: restarting bbb-web waits.* 1 meeting/);
    expect((await onNode(`cat ${webProperties}`)).stdout).not.toContain("muteOnStart");
    const drift = await succeeded(lab.shell("npm run -s drift"));
    expect(drift.stdout).toContain("waits until nobody is there");

    const apply = async () => JSON.parse((await onNode("bbb-cluster apply </dev/null")).stdout);
    expect(await apply()).toMatchObject({ applied: false, left: expect.stringContaining("1 meeting") });
    expect((await callApi("getMeetings", "")).stdout).toContain("<meetingID>lecture</meetingID>");
    await callApi("end", "meetingID=lecture");
    expect(await apply()).toEqual({ applied: true, left: "", reboot: false });
    expect((await onNode(`cat ${webProperties}`)).stdout).toContain("muteOnStart=true");
    expect(await lab.pendingChanges()).toEqual([]);
    expect((await lab.shell("npm run -s drift")).stdout).not.toContain("not checked");
  });

  test("a cordoned node refuses new meetings and lets running ones go on, in every spelling, also after a reboot", async () => {
    expect((await callApi("create", "meetingID=lecture&name=lecture")).stdout).toContain("SUCCESS");
    const hand = `'{"by": "hand", "reason": "a fan is loud"}'`;
    await succeeded(onNode(`echo ${hand} | bbb-cluster cordon`));
    for (const [query, answer] of [
      ["meetingID=other&name=other", "nodeClosed"],
      ["meetingID=%6Cecture&name=lecture", "duplicateWarning"],
    ] as const) {
      for (const call of ["create", "create/"]) {
        expect((await callApi("create", query, call)).stdout).toContain(answer);
      }
    }
    await succeeded(lab.lab("verify"));
    await callApi("end", "meetingID=lecture");
    await succeeded(lab.restart("bbb-01"));
    expect((await callApi("create", "meetingID=other&name=other")).stdout).toContain("nodeClosed");
    await succeeded(onNode(`echo '{"by": "hand"}' | bbb-cluster uncordon`));
    expect((await callApi("create", "meetingID=other&name=other")).stdout).toContain("SUCCESS");
    await callApi("end", "meetingID=other");
  });

  test("an upgrade brings what the new release needs and gives up what it no longer reads", async () => {
    const settings = "ssh bbb-01 cat /etc/bigbluebutton/bbb-html5.yml";
    expect((await lab.shell(settings)).stdout).toContain("sip_ws_host");
    await lab.bringOwnFiles("test/support/files/default.pdf", "test/support/files/node-hook.sh");
    await succeeded(lab.lab("up", "--release", "3.0.38"));
    expect((await lab.shell(settings)).stdout).not.toContain("sip_ws_host");
    const own = await onNode(`sha256sum ${slides}; cat /var/log/bbb-cluster/node-hook.log`);
    expect(own.stdout).toBe(`bf86a1b2bbda7e335a3cb09175988deeba7a9da4c3f670b6565dd66b2c1958bb  ${slides}\nupgraded\n`);
    await succeeded(lab.lab("verify"));
  });

  test("what was set as a secret is in no process's arguments, log, preview or state, and on the node where it has to be", async () => {
    const values = ["value-of-a-property", "password-in-a-link"];
    const set = (path: string, value: string) => `printf %s '${value}' | pulumi config set --secret --path ${path}`;
    await lab.shell(
      [
        set("bbbWebProperties.ownSharedSecret", "value-of-a-property"),
        set("bbbHtml5.public.app.helpLink", "https://ada:password-in-a-link@help.cluster.test/"),
      ].join("; "),
    );
    const preview = await lab.shell("pulumi preview --diff");
    const watched = watchProcesses();
    const up = await lab.shell("pulumi up --yes --skip-preview --diff");
    const commands = watched.end();
    await succeeded(up);
    expect(commands).toContain("configure-node");
    const rest = await lab.shell("pulumi stack export; npm run -s drift; npm run -s status; pulumi stack history");
    const { pulumi, logs } = labNamed(lab.name);
    const told = [preview, up, rest].map(({ printed }) => printed).join("\n") + commands;
    for (const value of values) expect(told.includes(value), value).toBe(false);
    const options = ["-rlF", ...values.flatMap((value) => ["-e", value])];
    expect(spawnSync("grep", [...options, pulumi.state, logs], { encoding: "utf8" }).stdout).toBe("");

    const search = `grep -s ${options.join(" ")} /etc /home /opt /root /run /tmp /usr/local /var`;
    const files = await onNode(`${search} | xargs stat -c '%n %U %a' | sort`);
    expect(files.stdout.trim().split("\n")).toEqual([
      // BigBlueButton tells each browser what is set for its client.
      "/etc/bigbluebutton/bbb-html5.yml root 644",
      "/etc/bigbluebutton/bbb-web.properties root 640",
      "/run/bbb-apps-akka/client-settings.json bigbluebutton 644",
      "/var/lib/bbb-cluster/records.json root 600",
      "/var/lib/bbb-cluster/secret-overrides.json root 600",
    ]);
    const journal = await onNode(`journalctl --no-pager | grep -F ${options.slice(1).join(" ")}`);
    expect([journal.status, journal.stdout]).toEqual([1, ""]);
  });
});
