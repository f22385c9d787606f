import { describe, expect, test } from "vitest";

import type { LabUnderTest } from "../lab";
import { finished, printed, succeeded } from "../outcome";
import type { Tenant } from "./tenant";

export function leavingNode(lab: LabUnderTest, moodle: Tenant): void {
  describe.sequential("a recording of a node that goes", () => {
    /** Where the recorded meeting was, and its id there. */
    let node = "";
    let record = "";

    /** Waits for what a shell command on the node says. */
    async function onNode(holds: string): Promise<void> {
      await succeeded(lab.onMachine(node, `for n in $(seq 120); do ${holds} && exit; sleep 0.5; done; exit 1`));
    }

    /** The node's timer looks after seconds, and not after a minute, whether the load balancer is back. */
    async function lookOften(): Promise<void> {
      const timer = "bbb-cluster-recordings.timer";
      const folder = `/run/systemd/system/${timer}.d`;
      const often = `mkdir -p ${folder}; printf '[Timer]\\nOnUnitInactiveSec=2\\nAccuracySec=1\\n' > ${folder}/often.conf`;
      await succeeded(lab.onMachine(node, `${often}; systemctl daemon-reload; systemctl restart ${timer}`));
    }

    const status = async () => (await lab.shell("npm run -s status")).stdout;

    test("is made while the load balancer is away, and waits", async () => {
      const created = await moodle.create("history", "&record=true&autoStartRecording=true");
      record = /<internalMeetingID>(.*)<\/internalMeetingID>/.exec(created)?.[1] ?? expect.fail(created);
      node = await moodle.nodeOf("history");
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
    });

    test("is handed over as soon as the load balancer is back, and the node goes", async () => {
      const leaving = lab.startShell(`npm run -s leave -- ${node} --drain-timeout 10`);
      const waits = printed(leaving, /waits for bbb-0\d \(1 recording: 1 not handed over/);
      const left = finished(leaving);
      await waits;
      await lookOften();
      await lab.onMachine("bbb-lb", "systemctl start nginx");
      expect((await succeeded(left)).stdout).toContain(`${node}: gone`);
      expect(await status()).not.toContain(node);
    });

    test("is found and played from the load balancer when the node is gone", async () => {
      expect((await moodle.recordingIds()).filter((id) => id === record)).toHaveLength(1);
      expect(await moodle.recordings()).toContain(`https://bbb-lb.cluster.test/playback/presentation/2.3/${record}`);
      for (const name of ["presentation", "video"]) {
        const url = `https://bbb-lb.cluster.test/playback/${name}/${record}/metadata.xml`;
        expect((await lab.lab("run", "--", "curl", "-s", url)).stdout).toContain(`<id>${record}</id>`);
      }
    });
  });
}
