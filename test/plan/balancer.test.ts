import { describe, expect, test } from "vitest";

import { planCluster } from "../../plan/cluster";
import { configOf } from "../support/stack";

const tenants = [{ name: "moodle", host: "moodle.example.com" }];
const values = { loadBalancer: { kind: "bbblb" }, tenants, nodes: 2 };
const planOf = (changes: object = {}) => planCluster("bbb", configOf({ ...values, ...changes }));

test("the load balancer's files", async () => {
  const files = planOf().balancers[0]?.request.files ?? [];
  const text = files.map(({ path, content }) => [`# ${path}`, ...content].join("\n"));
  await expect(`${text.join("\n\n")}\n`).toMatchFileSnapshot("golden/balancer.nginx");
});

describe("the load balancer's machine", () => {
  test("is let in at nodes, where there is one", () => {
    const openOf = (plan: ReturnType<typeof planOf>) => plan.nodes[0]?.machine.open.slice(-2);
    expect(openOf(planOf())).toEqual(["tcp 443 10.0.1.2", "tcp 443 10.0.1.6"]);
    expect(openOf(planCluster("bbb", configOf()))?.at(-1)).toBe("tcp 443 10.0.1.2");
  });

  test("never shares a host with the proxy", () => {
    const [proxy, balancer] = planOf().machines;
    expect(balancer).toMatchObject({ name: "bbb-lb", placementGroup: proxy?.placementGroup });
  });

  test("has its tenants' hosts listed for whoever keeps DNS elsewhere", () => {
    expect(planOf({ dns: "external" }).machines[1]).toMatchObject({ aliases: ["moodle.example.com"] });
    expect(planOf({ dns: "external" }).machines[1]).not.toHaveProperty("zone");
  });
});

test("recordings are played by the first node that is in service", () => {
  const playerOf = (plan: ReturnType<typeof planOf>) =>
    plan.balancers[0]?.request.files.find(({ path }) => path.endsWith("/player.conf"))?.content.join("\n") ?? "";
  expect(playerOf(planOf())).toContain("proxy_pass https://10.0.1.11;");
  const nodeSettings = { "bbb-01": { state: "draining" } };
  expect(playerOf(planOf({ nodeSettings }))).toContain("proxy_ssl_name bbb-02.example.com;");
  expect(playerOf(planOf({ nodes: 1, nodeSettings }))).toBe("");
});

test("what is installed from PyPI is pinned, each by its hashes", () => {
  const requirements = planOf().balancers[0]?.request.requirements ?? [];
  expect(requirements.some((line) => line.startsWith("bbblb[server]==0.0.18 --hash=sha256:"))).toBe(true);
  expect(
    requirements.filter((line) => !/^[a-z0-9._-]+(\[[a-z]+\])?==\S+( --hash=sha256:[0-9a-f]{64})+$/i.test(line)),
  ).toEqual([]);
});
