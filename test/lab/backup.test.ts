import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Frontend } from "./frontend";
import { LabUnderTest } from "./lab";
import { succeeded } from "./outcome";

const lab = new LabUnderTest("backup");
const secret = `node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).moodle.secret'`;
const moodle = new Frontend(
  lab,
  "moodle.cluster.test",
  `pulumi stack output --show-secrets --json tenants | ${secret}`,
);
const rig = join(__dirname, "..", "balancer", "rig");

/** Uploads a recording as the node does when it is published. */
const upload = `
node=$(ssh bbb-01 bbb-conf --secret | sed -n 's/^ *Secret: //p')
tar=$(mktemp)
token=$(PYTHONPATH=${rig} python3 -B -c '
import sys, time, recordings
with open(sys.argv[2], "wb") as file:
    file.write(recordings.archive(recordings.identity(1), "moodle"))
claims = {"aud": "bbb-lb.cluster.test", "exp": int(time.time()) + 600}
print(recordings.signed({"kid": "bbb:bbb-01.cluster.test"}, claims, sys.argv[1]))' "$node" "$tar")
curl -sf --data-binary @"$tar" -H "Content-Type: application/x-tar" -H "Authorization: Bearer $token" \
  https://bbb-lb.cluster.test/bbblb/api/v1/recording/upload`;

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "2", "--load-balancer", "bbblb"));
  await moodle.open();
});

afterAll(() => lab.remove());

describe.sequential("a load balancer of the cluster's own", () => {
  let recordings: string[];

  test("is backed up when it is made, and says so", async () => {
    expect((await lab.shell("npm run -s status")).stdout).toContain("bbb-lb: last backup less than an hour ago");
    expect((await lab.shell("npm run -s restore -- --list")).stdout).toContain("1 backups in sftp://u123@storage-box");
  });

  test("is copied with a recording, a cordon and a room, and another room begins after that", async () => {
    await succeeded(lab.shell(upload));
    await expect.poll(() => moodle.recordingIds(), { timeout: 30_000, interval: 1000 }).toHaveLength(1);
    recordings = await moodle.recordingIds();
    expect(await moodle.create("lecture")).toContain("SUCCESS");
    const busy = await moodle.nodeOf("lecture");
    const idle = busy === "bbb-01" ? "bbb-02" : "bbb-01";
    await succeeded(lab.shell(`npm run -s cordon -- ${idle} --reason "a fan hums"`));
    await succeeded(lab.onMachine("bbb-lb", "systemctl start bbb-cluster-backup"));
    expect(await moodle.create("seminar")).toContain("SUCCESS");
  });

  test("comes back from the backup alone, when its machine is gone", async () => {
    const [lecture, seminar] = [await moodle.nodeOf("lecture"), await moodle.nodeOf("seminar")];
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
    expect([await moodle.nodeOf("lecture"), await moodle.nodeOf("seminar")]).toEqual([lecture, seminar]);
    for (const room of ["lecture", "seminar"]) expect(await moodle.create(room)).toContain("SUCCESS");
    expect([await moodle.nodeOf("lecture"), await moodle.nodeOf("seminar")]).toEqual([lecture, seminar]);
    const shown = (await lab.shell("npm run -s status")).stdout;
    expect(shown).toMatch(/bbb-0[12]: closed to new meetings by hand since .*: a fan hums/);
    expect(await lab.pendingChanges()).toEqual([]);
  });

  test("is backed up again from then on", async () => {
    await succeeded(lab.onMachine("bbb-lb", "systemctl start bbb-cluster-backup"));
    expect((await lab.shell("npm run -s restore -- --list")).stdout).toMatch(/^[23] backups in /m);
  });
});
