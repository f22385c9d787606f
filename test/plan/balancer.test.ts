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
    const proxies = "tcp 443 10.0.1.2 10.0.1.3 10.0.1.4 10.0.1.5";
    expect(openOf(planOf())).toEqual([proxies, "tcp 443 10.0.1.6"]);
    expect(openOf(planCluster("bbb", configOf()))?.at(-1)).toBe(proxies);
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

describe("the player of recordings", () => {
  const playerOf = (changes: object = {}) => planOf(changes).balancers[0]?.request.player;

  test("is that of the newest release among the nodes, whose package repository it comes from", () => {
    const repository = "ubuntu.bigbluebutton.org";
    expect(playerOf()).toEqual({ repository, version: "jammy-300" });
    expect(playerOf({ release: "3.0.30" })).toEqual({ repository, version: "jammy-300-3.0.30" });
    const of = (release: string) => ({ nodeSettings: { "bbb-02": { release } } });
    expect(playerOf({ release: "3.0.30", ...of("3.0.38") })).toEqual({ repository, version: "jammy-300-3.0.38" });
    expect(playerOf({ release: "3.0.30", ...of("3.0") })).toEqual({ repository, version: "jammy-300" });
    expect(playerOf({ nodes: 1, nodeSettings: { "bbb-01": { state: "absent" } } })).toBeNull();
  });

  test("comes from an administrator's own repository, where nodes do", () => {
    const installer = { url: "https://packages.example.com/i.sh", sha256: "0a".repeat(32) };
    const own = { ...installer, repository: "packages.example.com" };
    expect(playerOf({ installer: own })).toEqual({ repository: "packages.example.com", version: "jammy-300" });
  });
});

test("the volume is as large as it shall be", () => {
  expect(planOf().balancers[0]?.volume).toEqual({ name: "bbb-lb-data", sizeGb: 10 });
  expect(planOf({ balancerVolumeSize: 500 }).balancers[0]?.volume.sizeGb).toBe(500);
});

test("what is installed from PyPI is pinned, each by its hashes", () => {
  const requirements = planOf().balancers[0]?.request.requirements ?? [];
  expect(requirements.some((line) => line.startsWith("bbblb[server]==0.0.18 --hash=sha256:"))).toBe(true);
  expect(
    requirements.filter((line) => !/^[a-z0-9._-]+(\[[a-z]+\])?==\S+( --hash=sha256:[0-9a-f]{64})+$/i.test(line)),
  ).toEqual([]);
});
