import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";

import { type Graph, type Request, runProgram } from "../support/graph";

const commandType = "command:remote:Command";
const copyType = "command:remote:CopyToRemote";
const remotes = (graph: Graph) => [...graph.ofType(commandType), ...graph.ofType(copyType)];
const resolve = (output: unknown) =>
  new Promise((done) => (pulumi.output(output) as pulumi.Output<unknown>).apply(done));
const belongsTo = (node: string) => (request: Request) => request.name === node || request.name.startsWith(`${node}-`);

/** A request without the ids that differ from run to run. */
const comparable = ({ inputs, ...rest }: Request) =>
  JSON.stringify({ ...rest, inputs })
    .replace(/(nodeServerId|proxyServerId)\\": \\"\d+/g, "$1")
    .replace(/"(\d{3,})"|:(\d{3,})|\[(\d{3,})\]/g, "ID");

let two: Graph;

beforeAll(async () => {
  two = await runProgram();
});

describe("the graph", () => {
  test("has a fixed number of resources for each node", async () => {
    const [one, three] = [await runProgram({ nodes: "1" }), await runProgram({ nodes: "3" })];
    const perNode = two.requests.length - one.requests.length;
    expect(three.requests.length - two.requests.length).toBe(perNode);
    expect(perNode).toBeLessThanOrEqual(13);
  });

  test("an administrator's files cost no resource, stand in no request, and are none of the proxy's", async () => {
    const nodeFiles = [{ path: "/srv/x.pdf", source: "test/support/files/default.pdf" }];
    const graph = await runProgram({ nodeFiles, nodeHook: "test/support/files/node-hook.sh" });
    expect(graph.requests).toHaveLength(two.requests.length);
    const changed = graph.requests.filter((request) => comparable(request) !== comparable(two.of(request.name)));
    expect(changed.map(({ name }) => name).sort()).toEqual(
      ["bbb-01", "bbb-02"].flatMap((node) => [`${node}-configured`, `${node}-in-service`, `${node}-programs`]),
    );
    expect(JSON.stringify(graph.requests)).not.toContain("BBB_CLUSTER_EVENT");
    const folder = (name: string) => graph.of(name).inputs["remotePath"];
    expect(folder("bbb-01-programs")).toBe(folder("bbb-02-programs"));
    expect(folder("bbb-programs")).toBe(two.of("bbb-programs").inputs["remotePath"]);
  });

  test("adding a node leaves the others unchanged", async () => {
    const four = await runProgram({ nodes: "4" });
    for (const node of ["bbb", "bbb-01", "bbb-02"]) {
      const before = two.requests.filter(belongsTo(node)).map(comparable).sort();
      const names = new Set(two.requests.filter(belongsTo(node)).map(({ urn }) => urn));
      const after = four.requests
        .filter(({ urn }) => names.has(urn))
        .map(comparable)
        .sort();
      expect(after).toEqual(before);
    }
  });

  test("an absent node leaves the others unchanged and its number free", async () => {
    const graph = await runProgram({ nodes: "3", nodeSettings: { "bbb-02": { state: "absent" } } });
    expect(graph.ofType("hcloud:index/server:Server").map(({ inputs }) => inputs["name"])).toEqual([
      "bbb",
      "bbb-01",
      "bbb-03",
    ]);
  });

  test("everything at Hetzner that can carry labels says whose it is and what it is there for", () => {
    const unlabelled = ["networkSubnet", "serverNetwork", "rdns"];
    const objects = two.requests.filter(
      ({ type }) => type.startsWith("hcloud:") && !unlabelled.some((kind) => type.includes(`/${kind}:`)),
    );
    const id = { "bbb-cluster-id": expect.stringMatching(/^[0-9a-f]{16}$/) };
    for (const { name, inputs } of objects) {
      expect(inputs["labels"], name).toEqual({
        ...id,
        "bbb-cluster-role": expect.stringMatching(/^(cluster|proxy|node)$/),
      });
    }
    expect(
      new Set(objects.map(({ inputs }) => (inputs["labels"] as Record<string, string>)["bbb-cluster-id"])).size,
    ).toBe(1);
    expect(two.of("bbb-01-ipv6").inputs["labels"]).toMatchObject({ "bbb-cluster-role": "node" });
    expect(two.of("bbb-server").inputs["labels"]).toMatchObject({ "bbb-cluster-role": "proxy" });
    expect(objects).toHaveLength(20);
  });

  test("names nothing twice, neither here nor at Hetzner", () => {
    const urns = two.requests.map(({ urn }) => urn);
    const cloudNames = two.requests
      .filter(({ type, inputs }) => type.startsWith("hcloud:") && typeof inputs["name"] === "string")
      .map(({ type, inputs }) => `${type} ${inputs["name"]} ${inputs["type"] ?? ""}`);
    expect(new Set(urns).size).toBe(urns.length);
    expect(new Set(cloudNames).size).toBe(cloudNames.length);
  });

  test("can be previewed on an empty stack", async () => {
    const preview = await runProgram({}, { preview: true });
    expect(preview.requests.map(({ name }) => name).sort()).toEqual(two.requests.map(({ name }) => name).sort());
  });

  test("puts at most ten servers into a placement group", async () => {
    const graph = await runProgram({ nodes: "21" });
    const groups = graph.ofType("hcloud:index/placementGroup:PlacementGroup").map(({ name }) => name);
    expect(groups).toEqual(["bbb-proxies-group", "bbb-nodes-1-group", "bbb-nodes-2-group", "bbb-nodes-3-group"]);
    const members = new Map<unknown, number>();
    for (const { inputs } of graph.ofType("hcloud:index/server:Server")) {
      members.set(inputs["placementGroupId"], (members.get(inputs["placementGroupId"]) ?? 0) + 1);
    }
    expect(Math.max(...members.values())).toBeLessThanOrEqual(10);
  });

  test("has no DNS records of its own with external DNS, but prints them", async () => {
    const graph = await runProgram({ dns: "external", nodes: "1" });
    expect(graph.ofType("hcloud:index/zoneRrset:ZoneRrset")).toEqual([]);
    expect(await resolve(graph.outputs["records"])).toContainEqual({
      name: "bbb-01.example.com",
      type: "AAAA",
      value: "2001:db8:1::1",
    });
  });

  test("names records relative to the zone", async () => {
    const graph = await runProgram({ domain: "school.example.com", zone: "example.com", nodes: "1" });
    expect(graph.of("bbb-01-a").inputs).toMatchObject({ zone: "example.com", name: "bbb-01.school" });
  });
});

describe("every remote step", () => {
  test("pins a host key and hides its connection", () => {
    for (const { name, inputs } of remotes(two)) {
      const connection = inputs["connection"] as { secret?: { hostKey?: string; user?: string } };
      expect(JSON.stringify(connection.secret), name).toMatch(/"hostKey":"?.*ssh-ed25519 AAAA/);
    }
  });

  test("dies with the server it runs on and is run again on a new one", () => {
    for (const request of remotes(two)) {
      expect(request.deletedWith, request.name).toContain("hcloud:index/server:Server");
      // It has the proxy's id in its request: what it would undo on the old one must not be undone.
      if (request.name === "bbb-load-balancer")
        expect(JSON.parse(String(request.inputs["stdin"]))).toHaveProperty("proxyServerId");
      else expect(request.inputs["triggers"], request.name).toHaveLength(1);
    }
  });

  test("has fixed command text: payload travels on stdin", () => {
    for (const { inputs, name } of two.ofType(commandType)) {
      expect(inputs["create"], name).toMatch(/^python3 -B \/opt\/bbb-cluster\/[0-9a-f]{12}\/bbb_cluster [a-z-]+$/);
      expect(inputs["addPreviousOutputInEnv"], name).toBe(false);
      expect(() => JSON.parse(inputs["stdin"] as string), name).not.toThrow();
    }
  });

  test("is undone by the programs that ran last, so that nothing names older ones", () => {
    const undone = two.ofType(commandType).map(({ inputs }) => inputs["delete"]);
    const words = ["remove-route", "leave-service"].map((word) => `/usr/local/sbin/bbb-cluster ${word}`);
    expect(new Set(undone)).toEqual(new Set([undefined, ...words]));
  });

  test("gives up on a dead machine within a minute; the first contact, for which it may have to boot, in five", () => {
    for (const { name, inputs } of remotes(two)) {
      const { secret } = inputs["connection"] as { secret: { dialErrorLimit: number; perDialTimeout: number } };
      const silence = secret.dialErrorLimit * secret.perDialTimeout;
      expect(silence, name)[name.endsWith("-programs") ? "toBeGreaterThan" : "toBeLessThan"](60);
      // Between two tries there are up to five seconds more.
      expect(silence + 5 * secret.dialErrorLimit, name).toBeLessThanOrEqual(300);
    }
  });

  test("does nothing when it is deleted, but for the routes and what asks whether a node may go", () => {
    const undone = two.ofType(commandType).filter(({ inputs }) => inputs["delete"] !== undefined);
    expect(undone.map(({ name }) => name).sort()).toEqual(
      ["bbb-01", "bbb-02"].flatMap((node) => [`${node}-in-service`, `${node}-route-on-bbb`]),
    );
  });

  test("is one of at most four per node", () => {
    expect(remotes(two).filter(belongsTo("bbb-01")).length).toBeLessThanOrEqual(4);
  });
});

test("a wrong configuration asks for no resource at all", async () => {
  await expect(runProgram({ nodes: "0", domain: "x" })).rejects.toThrow(
    /invalid stack configuration:\n {2}bbb-cluster:domain .*\n {2}bbb-cluster:nodes /,
  );
});
