import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";

import { type Graph, runProgram } from "../support/graph";
import { secretOfTests } from "../support/stack";

const resolve = (output: unknown) =>
  new Promise((done) => (pulumi.output(output) as pulumi.Output<unknown>).apply(done));

let two: Graph;

beforeAll(async () => {
  two = await runProgram();
});

describe("secrets", () => {
  const plain = (value: unknown): string =>
    JSON.stringify(value, (_, inner) =>
      typeof inner === "object" && inner !== null && "secret" in inner ? "hidden" : inner,
    );

  test("are never a plain input", () => {
    for (const { name, inputs } of two.requests) {
      expect(plain(inputs), name).not.toMatch(/PRIVATE KEY|api-secret/);
      expect(plain(inputs), name).not.toContain(secretOfTests);
    }
  });

  test("that a node reports are hidden in its result", () => {
    expect(two.of("bbb-01-configured").secretOutputs).toEqual(expect.arrayContaining(["stdout", "stderr"]));
  });

  test("leave the program only inside a secret output", async () => {
    expect(await pulumi.isSecret(two.outputs["loadBalancerServers"] as pulumi.Output<unknown>)).toBe(true);
    expect(await resolve(two.outputs["loadBalancerServers"])).toMatchObject({
      servers: { "bbb-02.example.com": { secret: "api-secret" } },
    });
    expect(await pulumi.isSecret(two.outputs["ssh"] as pulumi.Output<unknown>)).toBe(false);
  });
});

test("a load balancer is told of each node what Scalelite reads: a larger one gets its share, a standalone one nothing", async () => {
  const nodeSettings = { "bbb-02": { type: "ccx43" }, "bbb-03": { state: "standalone" } };
  const graph = await runProgram({ nodes: "3", nodeSettings });
  const server = (node: string, enabled: boolean, load_multiplier: number) => ({
    ...{ url: `https://${node}.example.com/bigbluebutton/api`, secret: "api-secret" },
    ...{ enabled, load_multiplier },
  });
  expect(await resolve(graph.outputs["loadBalancerServers"])).toEqual({
    servers: {
      "bbb-01.example.com": server("bbb-01", true, 1),
      "bbb-02.example.com": server("bbb-02", true, 0.5),
      "bbb-03.example.com": server("bbb-03", false, 1),
    },
  });
});

test("the load balancer is shown as it is planned, and its secret to the proxy alone", async () => {
  expect((await runProgram()).outputs["loadBalancer"]).toEqual({ kind: "none", url: null, teller: null });
  const loadBalancerSecret = "0b5e55ed".repeat(4);
  const loadBalancer = { kind: "scalelite", url: "https://lb.example.com/" };
  const graph = await runProgram({ loadBalancer, loadBalancerSecret }, { secrets: ["loadBalancerSecret"] });
  expect(graph.outputs["loadBalancer"]).toEqual({ kind: "scalelite", url: "https://lb.example.com", teller: "bbb" });
  const knowing = graph.requests.filter((request) => JSON.stringify(request).includes(loadBalancerSecret));
  expect(knowing.map(({ name }) => name)).toEqual(["bbb-load-balancer"]);
  expect(JSON.stringify(knowing[0]?.inputs["stdin"])).toMatch(/^\{"secret":/);
});
