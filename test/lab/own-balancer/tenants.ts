import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import { shootFilm } from "../../../lab/browser/film";
import { ensureChromium } from "../../../lab/browser/install";
import { labNamed } from "../../../lab/paths";
import type { LabUnderTest } from "../lab";
import { succeeded } from "../outcome";
import { ClientLibrary } from "./client-library";
import { Recording } from "./recording";
import { Tenant } from "./tenant";

export function tenants(lab: LabUnderTest, moodle: Tenant): void {
  describe.sequential("a cluster with a load balancer of its own", () => {
    const film = join(labNamed(lab.name).folder, "film.webm");
    const recording = new Recording(lab, moodle.name, "algebra", film);

    afterAll(() => moodle.endAll("lecture", "seminar", "tutorial", "colloquium"));

    test("is all as it should be, the load balancer's machine, too", async () => {
      const { stdout } = await succeeded(lab.lab("verify"));
      expect(stdout).toContain("bbb-lb");
    });

    test("has a tenant's meeting created on a node, and people joined under the cluster's one origin", async () => {
      expect(await moodle.create("lecture")).toContain("SUCCESS");
      const page = await moodle.joinedAt("lecture");
      expect(page).toMatch(/^https:\/\/bbb\.cluster\.test\/bbb-0[12]\/html5client\/\?sessionToken=/);
      expect(page).toContain(`/${await moodle.nodeOf("lecture")}/`);
    });

    test.each(ClientLibrary.names)("is asked by %s, which creates, joins, lists and ends meetings", async (name) => {
      const library = new ClientLibrary(lab, name, new Tenant(lab, "greenlight"));
      const rooms = ["algebra", "botany"];
      for (const room of rooms) {
        expect(await library.ask("create", room)).toMatchObject({ id: room });
        const page = /^https:\/\/bbb\.cluster\.test\/bbb-0[12]\/html5client\/\?sessionToken=/;
        expect(await library.joinedAt(room)).toMatch(page);
      }
      expect(await library.ask("list")).toEqual(rooms);
      for (const room of rooms) expect(await library.ask("end", room)).toBe("SUCCESS");
    });

    test("keeps a node that has a meeting, and gives it new ones as before", async () => {
      const node = await moodle.nodeOf("lecture");
      await lab.shell(`pulumi config set --path nodeSettings.${node}.state absent`);
      const { status, stdout } = await lab.lab("up");
      expect([status !== 0, stdout]).toEqual([true, expect.stringContaining(`${node} is not empty: 1 meeting with`)]);
      await lab.shell("pulumi config rm --path nodeSettings");
      await succeeded(lab.lab("up"));
      expect((await lab.shell("npm run -s status")).stdout).not.toContain("closed to new meetings");
    });

    test("begins no meeting on a node that is closed by hand, and again when it is open, over restarts of all", async () => {
      const busy = await moodle.nodeOf("lecture");
      const other = busy === "bbb-01" ? "bbb-02" : "bbb-01";
      await succeeded(lab.shell(`npm run -s cordon -- ${other} --reason "a fan hums"`));
      await lab.onMachine("bbb-lb", "systemctl restart postgresql bbblb");
      expect(await moodle.create("seminar")).toContain("SUCCESS");
      expect(await moodle.nodeOf("seminar")).toBe(busy);
      await succeeded(lab.shell(`npm run -s uncordon -- ${other}`));
      expect(await moodle.create("tutorial")).toContain("SUCCESS");
      expect(await moodle.nodeOf("tutorial")).toBe(other);
    });

    test("keeps recordings and database on its volume, from which links lead nowhere else", async () => {
      ensureChromium(() => undefined);
      await shootFilm(film);
      expect(await recording.upload("bbb-01")).toBe("202");
      expect(await moodle.recorded(recording.id)).toEqual([recording.page]);
      const { stdout } = await lab.onMachine(
        "bbb-lb",
        "findmnt -no SOURCE -T /var/lib/bbblb; findmnt -no SOURCE -T /var/lib/postgresql/17",
      );
      expect(stdout).toMatch(/^(\/dev\/disk\/by-id\/scsi-0HC_Volume_\d+\[\/(bbblb|postgresql)\]\n){2}$/);
      expect(await recording.status("video/webcams.webm", "-r", "0-9")).toBe("206");
      const public_ = "/var/lib/bbblb/recordings/public/presentation";
      await lab.onMachine("bbb-lb", `ln -s /etc/hostname ${public_}/${recording.id}/escape`);
      expect(await recording.status("escape")).toBe("403");
      expect(await recording.status("video/")).toBe("403");
    });

    test("plays a recording in a browser while no node answers, until it is unpublished", async () => {
      const nodes = ["bbb-01", "bbb-02"];
      for (const node of nodes) await lab.onMachine(node, "systemctl stop nginx haproxy");
      const played = JSON.parse((await lab.lab("watch", recording.page)).stdout);
      expect(played).toMatchObject({ heading: "algebra", hosts: ["bbb-lb.cluster.test"], error: "" });
      expect(played.seconds).toBeGreaterThan(0.4);
      for (const node of nodes) await lab.onMachine(node, "systemctl start nginx haproxy");
      await moodle.publish(recording.id, false);
      expect(await recording.status("metadata.xml")).toBe("404");
      await moodle.publish(recording.id, true);
      expect(await recording.status("metadata.xml")).toBe("200");
    });

    test("has its machine replaced, and knows meetings, tenants, closed nodes and recordings as before", async () => {
      expect(await moodle.create("colloquium")).toContain("SUCCESS");
      const busy = await moodle.nodeOf("colloquium");
      const other = busy === "bbb-01" ? "bbb-02" : "bbb-01";
      await lab.shell(`npm run -s cordon -- ${other} --reason "a fan hums"`);
      const server = `"$(pulumi stack --show-urns | grep -o 'urn:.*::bbb-lb-server')"`;
      await succeeded(lab.shell(`pulumi up --yes --skip-preview --replace ${server}`));
      expect(await moodle.nodeOf("colloquium")).toBe(busy);
      expect(await moodle.recorded(recording.id)).toEqual([recording.page]);
      expect(JSON.parse((await lab.lab("watch", recording.page)).stdout)).toMatchObject({
        heading: "algebra",
        error: "",
      });
      expect((await lab.shell("npm run -s status")).stdout).toContain("a fan hums");
      await succeeded(lab.shell(`npm run -s uncordon -- ${other}`));
      expect(await lab.pendingChanges()).toEqual([]);
    });

    test("has a volume that grows while meetings are found, and is never made smaller", async () => {
      await succeeded(lab.shell("pulumi config set balancerVolumeSize 12 && npm run -s lab -- up"));
      const size = "df --output=size -BG /var/lib/bbblb | tail -1";
      expect((await lab.onMachine("bbb-lb", size)).stdout.trim()).toBe("12G");
      expect(await moodle.create("colloquium")).toContain("SUCCESS");
      const { status, stdout } = await lab.shell("pulumi config set balancerVolumeSize 10 && pulumi preview");
      expect([status, stdout]).toEqual([expect.any(Number), expect.stringContaining("must be at least 12, which")]);
      expect(status).not.toBe(0);
      await lab.shell("pulumi config set balancerVolumeSize 12");
    });
  });
}
