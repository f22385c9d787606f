import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";

import { type Graph, type Request, runProgram } from "../support/graph";
import { secretOfTests } from "../support/stack";

const tenants = [
  { name: "moodle", host: "moodle.example.com" },
  { name: "rooms", host: "rooms.example.com" },
];
const values = { loadBalancer: { kind: "bbblb" }, tenants, nodes: "1" };
const rotated = { ...values, tenants: [tenants[0], { ...tenants[1], secretVersion: 2 }] };

const resolve = (output: unknown) =>
  new Promise<Record<string, { url: string; secret: string }>>((done) =>
    (pulumi.output(output) as pulumi.Output<Parameters<typeof done>[0]>).apply((value) => done(value)),
  );
const stdinOf = ({ inputs: { stdin } }: Request) =>
  JSON.parse(typeof stdin === "string" ? stdin : (stdin as { secret: string }).secret);

let graph: Graph;
let later: Graph;

beforeAll(async () => {
  graph = await runProgram(values);
  later = await runProgram(rotated);
});

describe("the cluster's own load balancer", () => {
  test("is a machine of the cluster, with a firewall of its role", () => {
    expect(graph.of("bbb-lb-server").inputs).toMatchObject({ name: "bbb-lb", image: "debian-13", serverType: "cx33" });
    const { inputs } = graph.of("bbb-balancer-firewall");
    expect((inputs["rules"] as { port?: string }[]).map(({ port }) => port)).toEqual(["22", "80", "443", undefined]);
    expect(graph.of("bbb-lb-attachment").inputs["ip"]).toBe("10.0.1.6");
  });

  test("is found by the hosts of its tenants before it asks for a certificate", () => {
    const records = graph.ofType("hcloud:index/zoneRrset:ZoneRrset");
    const names = records.filter(({ name }) => name.startsWith("bbb-lb")).sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(names.map(({ name, inputs }) => [name, inputs["name"]])).toEqual([
      ["bbb-lb-a", "bbb-lb"],
      ["bbb-lb-aaaa", "bbb-lb"],
      ["bbb-lb-moodle.example.com-a", "moodle"],
      ["bbb-lb-moodle.example.com-aaaa", "moodle"],
      ["bbb-lb-rooms.example.com-a", "rooms"],
      ["bbb-lb-rooms.example.com-aaaa", "rooms"],
    ]);
    const waiting = graph.of("bbb-lb-programs").dependsOn;
    expect(waiting).toEqual(expect.arrayContaining(names.map(({ urn }) => urn)));
  });

  test("is told its secrets before anything else, and by a request of their own", () => {
    const { inputs, urn } = graph.of("bbb-lb-secrets");
    expect(inputs["stdin"]).toHaveProperty("secret");
    expect(graph.of("bbb-lb-configured").dependsOn).toContain(urn);
    expect(typeof graph.of("bbb-lb-configured").inputs["stdin"]).toBe("string");
  });

  test("tells itself of nodes that come and go", () => {
    const { dependsOn, deletedWith, inputs } = graph.of("bbb-load-balancer");
    expect(dependsOn).toContain(graph.of("bbb-lb-configured").urn);
    // It goes with its machine, and nothing has to be undone there.
    expect([deletedWith, inputs["delete"]]).toEqual([graph.of("bbb-lb-server").urn, undefined]);
    expect(stdinOf(graph.of("bbb-load-balancer"))).toMatchObject({ kind: "bbblb", abandoned: [] });
    expect(graph.of("bbb-01-membership").deletedWith).toBe(graph.of("bbb-lb-server").urn);
    expect(graph.outputs["loadBalancer"]).toEqual({ kind: "bbblb", url: null, teller: "bbb-lb" });
    expect(graph.outputs["balancers"]).toMatchObject([{ name: "bbb-lb", hostname: "bbb-lb.example.com" }]);
  });
});

describe("the load balancer's volume", () => {
  test("outlives the machine, is given to the next one in place, and protected as all is", async () => {
    const { inputs, deletedWith } = graph.of("bbb-lb-data");
    expect(inputs).toMatchObject({ name: "bbb-lb-data", size: 10, deleteProtection: true });
    expect([deletedWith, inputs["format"], inputs["location"]]).toEqual(["", undefined, undefined]);
    expect(String(inputs["serverId"])).toMatch(/^\d+$/);
    // What would be deleted before the machine, while that writes on it.
    expect(graph.ofType("hcloud:index/volumeAttachment:VolumeAttachment")).toEqual([]);
    const unprotected = await runProgram({ ...values, protect: "false" });
    expect(unprotected.of("bbb-lb-data").inputs["deleteProtection"]).toBe(false);
  });

  test("has what is on it written before the machine goes; others are switched off", () => {
    const asked = graph.ofType("hcloud:index/server:Server").map(({ name, inputs }) => [name, inputs]);
    expect(asked.map(([name, inputs]) => [name, (inputs as Request["inputs"])["shutdownBeforeDeletion"]])).toEqual(
      expect.arrayContaining([
        ["bbb-lb-server", true],
        ["bbb-server", false],
        ["bbb-01-server", false],
      ]),
    );
  });

  test("is told to the machine, which is configured again when it grows", async () => {
    const told = stdinOf(graph.of("bbb-lb-configured")).volume;
    const larger = await runProgram({ ...values, balancerVolumeSize: "20" }, { volumes: [10] });
    expect(stdinOf(larger.of("bbb-lb-configured")).volume).toEqual({ ...told, sizeGb: 20 });
    expect(told).toEqual({ device: "/dev/disk/by-id/scsi-0HC_Volume_1", sizeGb: 10 });
  });

  test("is not made smaller: the run ends before anything is touched", async () => {
    const smaller = runProgram({ ...values, balancerVolumeSize: "20" }, { volumes: [50] });
    await expect(smaller).rejects.toThrow(
      "balancerVolumeSize must be at least 50, which the volume of bbb-lb has, got 20: no volume is made smaller; " +
        "run: pulumi config set balancerVolumeSize 50",
    );
    const same = await runProgram({ ...values, balancerVolumeSize: "50" }, { volumes: [50] });
    expect(same.of("bbb-lb-data").inputs["size"]).toBe(50);
  });
});

describe("a tenant's secret", () => {
  test("is known to its host's frontend and to the load balancer, and shown to nobody else", async () => {
    const output = graph.outputs["tenants"] as pulumi.Output<unknown>;
    expect(await pulumi.isSecret(output)).toBe(true);
    const { moodle, rooms } = await resolve(output);
    expect(moodle?.url).toBe("https://moodle.example.com/bigbluebutton/api");
    expect(moodle?.secret).toMatch(/^[0-9a-f]{64}$/);
    const { tenants, secret } = stdinOf(graph.of("bbb-lb-secrets"));
    expect(tenants).toEqual({ moodle: moodle?.secret, rooms: rooms?.secret });
    expect(new Set([secret, moodle?.secret, rooms?.secret]).size).toBe(3);
    const knowing = graph.requests.filter((request) => JSON.stringify(request).includes(moodle?.secret ?? ""));
    expect(knowing.map(({ name }) => name)).toEqual(["bbb-lb-secrets"]);
    expect(JSON.stringify(graph.requests)).not.toContain(secretOfTests);
  });

  test("changes with its version, alone, and has the load balancer configured again", async () => {
    const [before, after] = await Promise.all([resolve(graph.outputs["tenants"]), resolve(later.outputs["tenants"])]);
    expect(after["moodle"]).toEqual(before["moodle"]);
    expect(after["rooms"]?.secret).not.toBe(before["rooms"]?.secret);
    const [digest, another] = [graph, later].map((each) => stdinOf(each.of("bbb-lb-configured")).secrets);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(another).not.toBe(digest);
    expect(stdinOf(later.of("bbb-lb-secrets")).digest).toBe(another);
  });
});

describe("its backup", () => {
  const keyed = (given: Graph) => stdinOf(given.of("bbb-lb-backup"));

  test("is opened by what only the cluster's secret and the output tell, and is begun once it works", async () => {
    const backup = { repository: "sftp://u123@u123.your-storagebox.de:23/bbb" };
    const backedUp = await runProgram({ ...values, backup });
    const { dependsOn, inputs } = backedUp.of("bbb-lb-backup");
    expect(dependsOn).toContain(backedUp.of("bbb-lb-configured").urn);
    expect(inputs["stdin"]).toHaveProperty("secret");
    const output = backedUp.outputs["backup"] as pulumi.Output<unknown>;
    expect(await pulumi.isSecret(output)).toBe(true);
    const { password, sshPublicKey } = keyed(backedUp).backup;
    expect(await resolve(output)).toEqual({ ...backup, password, sshPublicKey });
    expect(password).toMatch(/^[0-9a-f]{64}$/);
    expect(sshPublicKey).toMatch(/^ssh-ed25519 /);
    const knowing = backedUp.requests.filter((request) => JSON.stringify(request).includes(password));
    expect(knowing.map(({ name }) => name)).toEqual(["bbb-lb-backup"]);
  });

  test("is none, where none is wanted", async () => {
    expect(keyed(graph)).toEqual({ hostname: "bbb-lb.example.com", repair: "", backup: null });
    expect(await resolve(graph.outputs["backup"])).toBe(null);
  });

  test("has keys of its own in S3, which are in no text that may be read", async () => {
    const backup = { repository: "s3:https://fsn1.example.com/bbb" };
    const inS3 = await runProgram(
      { ...values, backup, backupAccess: "EXAMPLE:KEY:WITH-COLON" },
      { secrets: ["backupAccess"] },
    );
    const { accessKeyId, secretAccessKey, sshPrivateKey } = keyed(inS3).backup;
    expect([accessKeyId, secretAccessKey, sshPrivateKey]).toEqual(["EXAMPLE", "KEY:WITH-COLON", null]);
    const knowing = inS3.requests.filter((request) => JSON.stringify(request).includes("KEY:WITH-COLON"));
    expect(knowing.map(({ name }) => name)).toEqual(["bbb-lb-backup"]);
  });
});

test("a cluster without a load balancer of its own has no tenants", async () => {
  const none = await runProgram();
  expect(none.outputs["balancers"]).toEqual([]);
  expect(await resolve(none.outputs["tenants"])).toEqual({});
  expect(none.requests.filter(({ name }) => name.startsWith("bbb-lb"))).toEqual([]);
});
