import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Frontend } from "./frontend";
import { LabUnderTest } from "./lab";
import { finished, printed, succeeded } from "./outcome";

const lab = new LabUnderTest("recordings");
const secret = `node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).moodle.secret'`;
const tell = `pulumi stack output --show-secrets --json tenants | ${secret}`;
const moodle = new Frontend(lab, "moodle.cluster.test", tell);
/** Where the recorded meeting was, and its id there. */
let node = "";
let record = "";

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "2", "--load-balancer", "bbblb"));
  await moodle.open();
});

afterAll(() => lab.remove());

/** Waits for what a shell command on the node says. */
async function onNode(holds: string): Promise<void> {
  const { status } = await lab.onMachine(node, `for each in $(seq 120); do ${holds} && exit; sleep 0.5; done; exit 1`);
  expect(status, holds).toBe(0);
}

const status = async () => (await lab.shell("npm run -s status")).stdout;

describe.sequential("a recording of a node that goes", () => {
  test("is made while the load balancer is away, and waits", async () => {
    const created = await moodle.create("lecture", "&record=true&autoStartRecording=true");
    record = /<internalMeetingID>(.*)<\/internalMeetingID>/.exec(created)?.[1] ?? expect.fail(created);
    node = await moodle.nodeOf("lecture");
    await lab.onMachine("bbb-lb", "systemctl stop nginx");
    await lab.callApi(node, "end", `meetingID=${record}`);
    const flags = "/var/bigbluebutton/recording/status/published";
    await onNode(`test -e ${flags}/${record}-presentation.done && test -e ${flags}/${record}-video.done`);
    await onNode("grep -q 'does not take recordings' /var/lib/bbb-cluster/hand-over.json");
    const shown = await status();
    expect(shown).toMatch(new RegExp(`^${node} .* 1 recording `, "m"));
    expect(shown).toContain(`${node}: recordings: BBBLB at bbb-lb.cluster.test does not take recordings`);
  });

  test("keeps its node, which is as it was", async () => {
    await lab.shell(`pulumi config set --path nodeSettings.${node}.state absent`);
    const { status: ended, stdout } = await lab.lab("up");
    const refused = `${node} has 1 recording that the load balancer does not have (${record} …); nothing of it was touched`;
    expect([ended !== 0, stdout]).toEqual([true, expect.stringContaining(refused)]);
    await lab.shell("pulumi config rm --path nodeSettings");
    await succeeded(lab.lab("up"));
  });

  test("is handed over as soon as the load balancer is back, and the node goes", async () => {
    const leaving = lab.startShell(`npm run -s leave -- ${node} --drain-timeout 10`);
    const waits = printed(leaving, /waits for bbb-0\d \(1 recording: 1 not handed over/);
    const left = finished(leaving);
    await waits;
    await lab.onMachine("bbb-lb", "systemctl start nginx");
    expect((await succeeded(left)).stdout).toContain(`${node}: gone`);
    expect(await status()).not.toContain(node);
  });

  test("is found and played from the load balancer when the node is gone", async () => {
    const told = await moodle.recordings();
    expect(told.match(/<recordID>.*?<\/recordID>/g)).toEqual([`<recordID>${record}</recordID>`]);
    expect(told).toContain(`https://bbb-lb.cluster.test/playback/presentation/2.3/${record}`);
    for (const name of ["presentation", "video"]) {
      const url = `https://bbb-lb.cluster.test/playback/${name}/${record}/metadata.xml`;
      expect((await lab.lab("run", "--", "curl", "-s", url)).stdout).toContain(`<id>${record}</id>`);
    }
  });
});
