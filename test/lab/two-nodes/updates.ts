import { beforeAll, describe, expect, test } from "vitest";

import type { LabUnderTest } from "../lab";
import { succeeded } from "../outcome";
import { releaseUpdates } from "./security-updates";

export function updates(lab: LabUnderTest): void {
  describe.sequential("security updates", () => {
    beforeAll(async () => {
      await releaseUpdates(lab, "bbb-01", {
        // As Ubuntu's libssl3 does: it asks for a reboot, and nothing that uses it is restarted.
        libssl3: "touch /run/reboot-required; echo libssl3 >> /run/reboot-required.pkgs",
        // What packages do that want services to use them at once.
        curl: "deb-systemd-invoke restart nginx.service bbb-web.service || true; invoke-rc.d nginx restart",
        nginx: "",
      });
    });

    const onNode = (command: string) => lab.onMachine("bbb-01", command);

    const callApi = (call: string, query: string) => lab.callApi("bbb-01", call, query);

    const served =
      "'bbb-*' 'nginx*' 'redis*' 'postgresql*' 'haproxy*' 'coturn*' 'livekit*' 'etherpad*' 'freeswitch*' 'mongod*'";

    /** Process and time of its start, of each service of BigBlueButton and of what it stands on that runs here. */
    async function startsOf(): Promise<string> {
      const units = `$(systemctl list-units --no-legend --plain --type service --state running ${served} | cut -d' ' -f1)`;
      return (await onNode(`systemctl show -p Id,MainPID,ExecMainStartTimestampMonotonic ${units}`)).stdout;
    }

    async function statusOfNode(): Promise<{ due: string; dueDetails: string[] }> {
      const { stdout } = await lab.shell("npm run -s status -- --json");
      return JSON.parse(stdout).find(({ name }: { name: string }) => name === "bbb-01");
    }

    const maintain = `echo '{"now": true}' | bbb-cluster maintain`;
    /** Which of the three packages have their security update. */
    async function updated(): Promise<string[]> {
      const { stdout } = await onNode("dpkg-query --show curl libssl3 nginx");
      return stdout.split("\n").flatMap((line) => (line.endsWith("+security1") ? [/^\w+/.exec(line)?.[0] ?? ""] : []));
    }

    test("come at night, in the time zone of the configuration", async () => {
      const { stdout } = await onNode("systemctl show -p TimersCalendar,ActiveState bbb-cluster-maintain.timer");
      expect(stdout).toMatch(/OnCalendar=\*-\*-\* 02:00:00 Europe\/Berlin ; next_elapse=\w+ /);
      expect(stdout).toContain("ActiveState=active");
    });

    test("are applied during a meeting without a restart of anything that serves it, and status says what is due", async () => {
      expect((await callApi("create", "meetingID=lecture&name=lecture")).stdout).toContain("SUCCESS");
      const before = await startsOf();
      for (const unit of ["bbb-web", "bbb-apps-akka", "nginx", "coturn"])
        expect(before).toContain(`Id=${unit}.service`);
      const { stdout } = await succeeded(onNode(maintain));
      expect(JSON.parse(stdout)).toMatchObject({
        left: "1 meeting with 0 people",
        held: ["nginx"],
        reboot: ["libssl3"],
      });
      expect(await updated()).toEqual(["curl", "libssl3"]);
      expect(await startsOf()).toBe(before);
      expect((await callApi("getMeetings", "")).stdout).toContain("<meetingID>lecture</meetingID>");

      const { due, dueDetails } = await statusOfNode();
      expect(due).toMatch(/^1 held, \d+ old, reboot$/);
      expect(dueDetails).toContain("held until it is empty: nginx");
      expect(dueDetails.join("\n")).toMatch(/^run on old libraries: .*\bnginx\.service/m);
      expect(dueDetails).toContain("a reboot is due: libssl3");
    });

    test("end when the node is empty: what was held is upgraded, and it reboots", async () => {
      await callApi("end", "meetingID=lecture");
      for (let tries = 0; (await callApi("getMeetings", "")).stdout.includes("lecture"); tries += 1) {
        expect(tries).toBeLessThan(60);
      }
      await succeeded(lab.restart("bbb-01", `echo '{"now": true}' | bbb-cluster maintain`));
      expect(await updated()).toEqual(["curl", "libssl3", "nginx"]);
      expect(await statusOfNode()).toMatchObject({ due: "nothing", dueDetails: [] });
      await succeeded(lab.lab("verify"));
      await succeeded(lab.shell("npm run -s drift"));
    });
  });
}
