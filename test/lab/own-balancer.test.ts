import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ClientLibrary } from "./client-library";
import { Frontend } from "./frontend";
import { LabUnderTest } from "./lab";

const lab = new LabUnderTest("own");
// Nothing more than what the program needs itself is taken for granted.
const secret = `node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).moodle.secret'`;
const tell = `pulumi stack output --show-secrets --json tenants | ${secret}`;
const moodle = new Frontend(lab, "moodle.cluster.test", tell);

beforeAll(async () => {
  expect((await lab.lab("up", "--nodes", "2", "--load-balancer", "bbblb")).status).toBe(0);
  await moodle.open();
});

afterAll(() => lab.remove());

describe.sequential("a cluster with a load balancer of its own", () => {
  test("is all as it should be, the load balancer's machine, too", async () => {
    const { status, stdout } = await lab.lab("verify");
    expect([status, stdout]).toEqual([0, expect.stringContaining("bbb-lb")]);
  });

  test("has a tenant's meeting created on a node, and people joined under the cluster's one origin", async () => {
    expect(await moodle.create("lecture")).toContain("SUCCESS");
    const page = await moodle.joinedAt("lecture");
    expect(page).toMatch(/^https:\/\/bbb\.cluster\.test\/bbb-0[12]\/html5client\/\?sessionToken=/);
    expect(page).toContain(`/${await moodle.nodeOf("lecture")}/`);
  });

  test.each(ClientLibrary.names)("is asked by %s, which creates, joins, lists and ends meetings", async (name) => {
    const library = new ClientLibrary(lab, name, "greenlight.cluster.test", tell.replace("moodle", "greenlight"));
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
    expect((await lab.lab("up")).status).toBe(0);
    expect((await lab.shell("npm run -s status")).stdout).not.toContain("closed to new meetings");
  });

  test("begins no meeting on a node that is closed by hand, and again when it is open, over restarts of all", async () => {
    const busy = await moodle.nodeOf("lecture");
    const other = busy === "bbb-01" ? "bbb-02" : "bbb-01";
    expect((await lab.shell(`npm run -s cordon -- ${other} --reason "a fan hums"`)).status).toBe(0);
    await lab.onMachine("bbb-lb", "systemctl restart postgresql bbblb");
    expect(await moodle.create("seminar")).toContain("SUCCESS");
    expect(await moodle.nodeOf("seminar")).toBe(busy);
    expect((await lab.shell(`npm run -s uncordon -- ${other}`)).status).toBe(0);
    expect(await moodle.create("tutorial")).toContain("SUCCESS");
    expect(await moodle.nodeOf("tutorial")).toBe(other);
  });
});
