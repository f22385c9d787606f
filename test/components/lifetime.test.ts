import { beforeAll, describe, expect, test } from "vitest";

import { type Graph, type Request, runProgram } from "../support/graph";

const belongsTo = (node: string) => (request: Request) => request.name === node || request.name.startsWith(`${node}-`);

let two: Graph;

beforeAll(async () => {
  two = await runProgram();
});

describe("a route", () => {
  test("is undone before its node's server is replaced, and waits for node and proxy", () => {
    const route = two.of("bbb-01-route-on-bbb");
    expect(route.deleteBeforeReplace).toBe(true);
    expect(route.deletedWith).toBe(two.of("bbb-server").urn);
    expect(route.dependsOn).toEqual(
      expect.arrayContaining([two.of("bbb-configured").urn, two.of("bbb-01-configured").urn]),
    );
  });

  test("shows in a preview that a new proxy gets it", () => {
    const input = JSON.parse(two.of("bbb-01-route-on-bbb").inputs["stdin"] as string);
    expect(input.proxyServerId).toMatch(/^\d+$/);
    expect(input.nodeServerId).toMatch(/^\d+$/);
  });

  test("keeps nobody waiting: nodes do not depend on the proxy", () => {
    for (const request of two.requests
      .filter(belongsTo("bbb-01"))
      .filter(({ name }) => name !== "bbb-01-route-on-bbb")) {
      expect(
        request.dependsOn.filter(
          (urn) => /::bbb(-[a-z]+)?$/.test(urn) && !urn.includes("bbb-cluster") && !urn.endsWith("bbb-deploy-key"),
        ),
        request.name,
      ).toEqual([]);
    }
  });
});

describe("what must outlive a change", () => {
  test("a server is not replaced because its first boot would differ", () => {
    for (const { ignoreChanges, deleteBeforeReplace } of two.ofType("hcloud:index/server:Server")) {
      expect(ignoreChanges).toEqual(["userData", "image", "sshKeys", "serverType"]);
      expect(deleteBeforeReplace).toBe(true);
    }
  });

  test("addresses stay when their server goes", () => {
    for (const { inputs } of two.ofType("hcloud:index/primaryIp:PrimaryIp")) {
      expect(inputs["autoDelete"]).toBe(false);
    }
  });

  test("everything that belongs to a machine is protected with it, so that none of it goes before the refusal", async () => {
    const graph = await runProgram({ protect: "true" });
    const unprotected = graph.requests.filter(({ protect }) => !protect).map(({ name }) => name);
    // What all machines share is in use as long as one of them is there.
    expect(unprotected.filter((name) => !/-(deploy-key|network|private|subnet|firewall|groups?)$/.test(name))).toEqual([
      "bbb",
    ]);
    expect((await runProgram({ protect: "false" })).requests.filter(({ protect }) => protect)).toEqual([]);
  });

  test("a draining node is unprotected, as it is about to go", async () => {
    const graph = await runProgram({ nodeSettings: { "bbb-02": { state: "draining" } } });
    const protectedNodes = graph.requests.filter(({ name, protect }) => protect && /^bbb-0\d-/.test(name));
    expect([...new Set(protectedNodes.map(({ name }) => name.slice(0, 6)))]).toEqual(["bbb-01"]);
  });

  test("a node that is to be taken out is unprotected, its route and records included, and no other is", async () => {
    const graph = await runProgram({ protect: "true", nodeSettings: { "bbb-02": { protect: false } } });
    const ofMachine = (name: string) => graph.requests.filter(belongsTo(name)).map(({ protect }) => protect);
    expect(new Set(ofMachine("bbb-01"))).toEqual(new Set([true]));
    expect(new Set(ofMachine("bbb-02"))).toEqual(new Set([false]));
  });
});
