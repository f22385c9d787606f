import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";

import { type Graph, type Request, runProgram } from "../support/graph";

const loadBalancerSecret = "0b5e55ed".repeat(4);
const scalelite = { loadBalancer: { kind: "scalelite", url: "https://lb.example.com" }, loadBalancerSecret };
const spoolKey = `ssh-ed25519 ${"A".repeat(68)}`;
const secrets = ["loadBalancerSecret"];
const isMembership = ({ name }: Request) => name.endsWith("-membership");
const stdinOf = ({ inputs: { stdin } }: Request) =>
  JSON.parse(typeof stdin === "string" ? stdin : (stdin as { secret: string }).secret);

let told: Graph;
let untold: Graph;

beforeAll(async () => {
  told = await runProgram({ ...scalelite, nodeSettings: { "bbb-02": { state: "draining" } } }, { secrets });
  untold = await runProgram();
});

describe("a node at the load balancer", () => {
  test("is used last of all that comes, and left first of all that goes", () => {
    const membership = told.of("bbb-01-membership");
    const before = [told.of("bbb-load-balancer").urn, told.of("bbb-01-in-service").urn];
    expect(membership.dependsOn).toEqual(expect.arrayContaining(before));
    expect(told.of("bbb-01-in-service").dependsOn).toContain(told.of("bbb-01-route-on-bbb").urn);
    expect(told.requests.filter(({ dependsOn }) => dependsOn.includes(membership.urn))).toEqual([]);
  });

  test("is left before its server is replaced, and joined again by a new proxy, which undoes nothing", () => {
    const membership = told.of("bbb-01-membership");
    expect(membership.inputs["triggers"]).toHaveLength(1);
    expect(membership.deleteBeforeReplace).toBe(true);
    expect(membership.deletedWith).toBe(told.of("bbb-server").urn);
    expect(stdinOf(membership).proxyServerId).toMatch(/^\d+$/);
    expect(told.of("bbb-load-balancer").inputs["triggers"]).toBeUndefined();
  });

  test("is told with its secret, which stays one, and its share", () => {
    const { inputs } = told.of("bbb-01-membership");
    expect(inputs["stdin"]).toHaveProperty("secret");
    expect(stdinOf(told.of("bbb-01-membership"))).toMatchObject({ state: "present", loadMultiplier: 1 });
  });

  test("is closed there and not by itself", () => {
    expect(stdinOf(told.of("bbb-02-membership")).state).toBe("draining");
    expect(stdinOf(told.of("bbb-02-in-service"))).toEqual({
      ...{ node: "bbb-02", state: "draining", balanced: true },
      recordings: { discard: false, kind: "elsewhere" },
    });
    expect(stdinOf(untold.of("bbb-01-in-service")).balanced).toBe(false);
    expect(untold.of("bbb-01-in-service").inputs["stdin"]).toBeTypeOf("string");
  });

  test("sends its recordings to a spool by a key of the cluster's, which stays a secret but for its public half", async () => {
    const recordingSpool = { host: "lb.example.com", user: "spool", directory: "/spool", hostKey: spoolKey };
    const loadBalancer = { ...scalelite.loadBalancer, recordingSpool };
    const graph = await runProgram({ ...scalelite, loadBalancer }, { secrets });
    const service = graph.of("bbb-01-in-service");
    expect(service.inputs["stdin"]).toHaveProperty("secret");
    expect(stdinOf(service).recordings).toEqual({
      ...{ kind: "spool", ...recordingSpool, port: 22, discard: false },
      key: expect.stringContaining("PRIVATE KEY"),
    });
    expect(JSON.stringify(stdinOf(graph.of("bbb-load-balancer")))).not.toContain("spool");
    const { recordingSpoolKey } = graph.outputs["loadBalancer"] as { recordingSpoolKey: pulumi.Output<string> };
    const told = await new Promise((resolve) => recordingSpoolKey.apply(resolve));
    expect(told).toMatch(/^ssh-ed25519 [A-Za-z0-9+/]+$/);
  });
});

describe("a cluster that goes", () => {
  test("is taken out of the load balancer by its proxy", () => {
    const { inputs, deletedWith } = told.of("bbb-load-balancer");
    expect(inputs["delete"]).toBe("/usr/local/sbin/bbb-cluster forget-balancer");
    expect(deletedWith).toBe("");
  });

  test("asks no machine where nobody is told", () => {
    expect(untold.requests.filter(isMembership)).toEqual([]);
    expect(untold.of("bbb-load-balancer").inputs["delete"]).toBeUndefined();
    expect(untold.of("bbb-load-balancer").deletedWith).toBe(untold.of("bbb-server").urn);
  });
});

test("a node that is given up is forgotten by the proxy, and asked nothing", async () => {
  const nodeSettings = { "bbb-02": { state: "abandoned" } };
  const graph = await runProgram({ ...scalelite, nodeSettings }, { secrets });
  expect(stdinOf(graph.of("bbb-load-balancer")).abandoned).toEqual([
    { node: "bbb-02", nodeHostname: "bbb-02.example.com" },
  ]);
  const { inputs, ignoreChanges } = graph.of("bbb-02-membership");
  expect(inputs["create"]).toBeUndefined();
  expect(ignoreChanges).toEqual(expect.arrayContaining(["connection", "create", "delete", "stdin", "triggers"]));
});
