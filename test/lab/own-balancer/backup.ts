import { afterAll, describe, expect, test } from "vitest";

import type { LabUnderTest } from "../lab";
import { succeeded } from "../outcome";
import { Recording } from "./recording";
import type { Tenant } from "./tenant";

export function backup(lab: LabUnderTest, moodle: Tenant): void {
  describe.sequential("a load balancer that is backed up", () => {
    // What is in it does not matter here.
    const recording = new Recording(lab, moodle.name, "chemistry", __filename);
    const list = async () => (await succeeded(lab.shell("npm run -s restore -- --list"))).stdout;
    let recordings: string[];
    let idle: string;

    afterAll(async () => {
      await succeeded(lab.shell(`npm run -s uncordon -- ${idle}`));
      await moodle.endAll("chemistry", "drawing");
    });

    test("is backed up when it is made, and says so", async () => {
      expect((await lab.shell("npm run -s status")).stdout).toContain("bbb-lb: last backup less than an hour ago");
      expect(await list()).toMatch(/^[1-9]\d* backups in sftp:\/\/u123@storage-box/m);
    });

    test("is copied with a recording, a cordon and a room, and another room begins after that", async () => {
      expect(await recording.upload("bbb-01")).toBe("202");
      expect(await moodle.recorded(recording.id)).toEqual([recording.page]);
      recordings = await moodle.recordingIds();
      expect(await moodle.create("chemistry")).toContain("SUCCESS");
      const busy = await moodle.nodeOf("chemistry");
      idle = busy === "bbb-01" ? "bbb-02" : "bbb-01";
      await succeeded(lab.shell(`npm run -s cordon -- ${idle} --reason "a fan hums"`));
      await succeeded(lab.onMachine("bbb-lb", "systemctl start bbb-cluster-backup"));
      expect(await moodle.create("drawing")).toContain("SUCCESS");
    });

    test("comes back from the backup alone, when its machine is gone", async () => {
      const [first, second] = [await moodle.nodeOf("chemistry"), await moodle.nodeOf("drawing")];
      const started = Date.now();
      // Its volume, too, which is let go of when the server is gone.
      const volume = "for n in $(seq 30); do if hcloud volume delete bbb-lb-data; then break; fi; sleep 1; done";
      await succeeded(lab.shell(`hcloud server delete bbb-lb; ${volume}; npm run -s recover -- --yes`));
      const up = await succeeded(lab.lab("up"));
      expect(up.stdout).toContain("backups of a machine before this one");
      const made = Date.now();
      const { stdout } = await succeeded(lab.shell("npm run -s restore"));
      expect(stdout).toContain("tenants: ");
      const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} s`;
      console.log(`machine made in ${seconds(made - started)}, restored in ${seconds(Date.now() - made)}`);
      expect(await moodle.recordingIds()).toEqual(recordings);
      expect(await recording.status("metadata.xml")).toBe("200");
      expect([await moodle.nodeOf("chemistry"), await moodle.nodeOf("drawing")]).toEqual([first, second]);
      for (const room of ["chemistry", "drawing"]) expect(await moodle.create(room)).toContain("SUCCESS");
      expect([await moodle.nodeOf("chemistry"), await moodle.nodeOf("drawing")]).toEqual([first, second]);
      const shown = (await lab.shell("npm run -s status")).stdout;
      expect(shown).toMatch(/bbb-0[12]: closed to new meetings by hand since .*: a fan hums/);
      expect(await lab.pendingChanges()).toEqual([]);
    });

    test("is backed up again from then on", async () => {
      const before = await list();
      await succeeded(lab.onMachine("bbb-lb", "systemctl start bbb-cluster-backup"));
      expect(await list()).not.toBe(before);
    });
  });
}
