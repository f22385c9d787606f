import { beforeAll, describe, expect, test } from "vitest";

import { planCluster } from "../../plan/cluster";
import { secretDigest, secretKeys } from "../../plan/node/secret-overrides";
import { type Graph, type Request, runProgram } from "../support/graph";
import { configOf, secretOfTests } from "../support/stack";

const value = "TOP-SECRET-VALUE";
const overrides = {
  bbbWebProperties: { someSharedSecret: value, other: "PLAIN-BESIDE-IT" },
  bbbHtml5: { public: { app: { userSettingsStorage: value } }, private: { list: [value] } },
};
const secrets = ["bbbWebProperties", "bbbHtml5"];

/** Everything of a request that the engine does not encrypt. */
const plain = ({ inputs }: Request) =>
  JSON.stringify(inputs, (_, inner) =>
    typeof inner === "object" && inner !== null && "secret" in inner ? "hidden" : inner,
  );
const digestOf = (graph: Graph, node = "bbb-01") =>
  JSON.parse(graph.of(`${node}-configured`).inputs["stdin"] as string).secretOverrides;
const changedBeside = (one: Graph, other: Graph) =>
  one.requests
    .filter(({ name, inputs }) => JSON.stringify(other.of(name).inputs) !== JSON.stringify(inputs))
    .map(({ name }) => name);

let graph: Graph;

beforeAll(async () => {
  graph = await runProgram(overrides, { secrets });
});

describe("settings that are secrets", () => {
  test("are in a request of their own, which is a secret, and nowhere else", () => {
    const carriers = graph.requests.filter(({ inputs }) => JSON.stringify(inputs).includes(value));
    expect(carriers.map(({ name }) => name)).toEqual(["bbb-01-secrets", "bbb-02-secrets"]);
    for (const request of graph.requests) {
      expect(plain(request), request.name).not.toMatch(/TOP-SECRET|PLAIN-BESIDE/);
    }
    for (const { secretOutputs, inputs } of carriers) {
      expect(secretOutputs).toEqual(expect.arrayContaining(["stdin", "stdout", "stderr"]));
      expect(inputs["create"]).toMatch(/bbb_cluster keep-secrets$/);
    }
  });

  test("are there before their node is configured, and come and go with its server", () => {
    expect(graph.of("bbb-01-configured").dependsOn).toContain(graph.of("bbb-01-secrets").urn);
    expect(graph.of("bbb-01-secrets").deletedWith).toBe(graph.of("bbb-01-server").urn);
    expect(graph.of("bbb-01-secrets").inputs["triggers"]).toEqual(graph.of("bbb-01-configured").inputs["triggers"]);
  });

  test("may be none any more in a protected cluster", () => {
    expect(graph.of("bbb-01-configured").protect).toBe(true);
    expect(graph.of("bbb-01-secrets").protect).toBe(false);
  });

  test("take the place of what an administrator may set otherwise", () => {
    const { files } = JSON.parse(graph.of("bbb-01-configured").inputs["stdin"] as string);
    expect(JSON.stringify(files)).not.toContain("userSettingsStorage");
  });

  test("have every node configured again when they change, and only then", async () => {
    const [same, other] = [
      await runProgram(overrides, { secrets }),
      await runProgram({ ...overrides, bbbWebProperties: { someSharedSecret: `${value}2` } }, { secrets }),
    ];
    expect(digestOf(same)).toBe(digestOf(graph));
    expect(digestOf(other)).not.toBe(digestOf(graph));
    const nodes = ["bbb-01-configured", "bbb-01-secrets", "bbb-02-configured", "bbb-02-secrets"];
    expect(changedBeside(graph, other).sort()).toEqual(nodes);
  });

  test("are kept again when their node is repaired", async () => {
    const repaired = await runProgram({ ...overrides, repair: { "bbb-02": "again" } }, { secrets });
    expect(changedBeside(graph, repaired).sort()).toEqual(["bbb-02-configured", "bbb-02-secrets"]);
  });

  test("cost one resource more per node, and nothing where there are none", async () => {
    const [none, plainOnes, ofProperties] = [
      await runProgram(),
      await runProgram(overrides),
      await runProgram(overrides, { secrets: ["bbbWebProperties"] }),
    ];
    const names = (of: Graph) => of.requests.map(({ name }) => name).filter((name) => name.endsWith("-secrets"));
    expect([none, plainOnes, ofProperties].map(names)).toEqual([[], [], ["bbb-01-secrets", "bbb-02-secrets"]]);
    expect(graph.requests.length).toBe(none.requests.length + 2);
    expect(digestOf(none)).toBeUndefined();
  });

  test("do not go to a standalone node", async () => {
    const nodeSettings = { "bbb-01": { state: "standalone" } };
    const graph = await runProgram({ ...overrides, nodeSettings }, { secrets });
    expect(graph.requests.map(({ name }) => name)).not.toContain("bbb-01-secrets");
    expect(digestOf(graph)).toBeUndefined();
    expect(digestOf(graph, "bbb-02")).toMatch(/^[0-9a-f]{64}$/);
  });

  test("can be previewed", async () => {
    const preview = await runProgram(overrides, { secrets, preview: true });
    expect(preview.requests.map(({ name }) => name).sort()).toEqual(graph.requests.map(({ name }) => name).sort());
    expect(preview.requests.map(plain).join()).not.toContain(value);
  });
});

test("a plan knows of secrets their names only", () => {
  const config = configOf();
  const plan = planCluster("bbb", config, secretKeys(overrides as Parameters<typeof secretKeys>[0]));
  expect(JSON.stringify(plan)).not.toContain(value);
  expect(plan.nodes[0]?.secretOverrides).toEqual({
    "/etc/bigbluebutton/bbb-web.properties": ["someSharedSecret", "other"],
    "/etc/bigbluebutton/bbb-html5.yml": ["public.app.userSettingsStorage", "private.list"],
  });
});

test("their digest cannot be made without the cluster's secret", () => {
  const files = [{ path: "/x", settings: [{ key: "a", value: "1" }] }];
  expect(secretDigest(secretOfTests, files)).toMatch(/^[0-9a-f]{64}$/);
  expect(secretDigest(`${secretOfTests}0`, files)).not.toBe(secretDigest(secretOfTests, files));
});
