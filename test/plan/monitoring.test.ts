import { describe, expect, test } from "vitest";

import { planCluster } from "../../plan/cluster";
import { metricsToken, prometheusTargets } from "../../plan/monitoring";
import { configOf } from "../support/stack";

const monitoringCidrs = ["203.0.113.9/32"];

describe("monitoring", () => {
  test("without a Prometheus that may ask there is none, and no port is open", () => {
    const { monitoring, network } = planCluster("bbb", configOf({}));
    expect(monitoring).toEqual([]);
    expect(JSON.stringify(network)).not.toContain("9443");
  });

  test("every machine tells its metrics to those networks alone", () => {
    const { monitoring, machines, network } = planCluster("bbb", configOf({ monitoringCidrs, nodes: 2 }));
    expect(monitoring.map(({ machine }) => machine)).toEqual(["bbb", "bbb-01", "bbb-02"]);
    for (const { open } of machines) expect(open).toContain("tcp 9443 203.0.113.9/32");
    const { rules } = network.firewalls.node;
    expect(rules.filter(({ port }) => port === "9443").map(({ sourceIps }) => sourceIps)).toEqual([monitoringCidrs]);
  });

  test("exporters listen on the machine alone; nginx speaks for them, with the machine's certificate", () => {
    const { monitoring } = planCluster("bbb", configOf({ monitoringCidrs }));
    const files = monitoring.find(({ machine }) => machine === "bbb-01")?.request.files ?? [];
    const content = (path: string) => files.find((file) => file.path.endsWith(path))?.content.join("\n");
    expect(content("prometheus-node-exporter")).toBe('ARGS="--web.listen-address=127.0.0.1:9100"');
    expect(content("prometheus-nginx-exporter")).toContain("--web.listen-address=127.0.0.1:9113 ");
    expect(content("metrics.conf")).toContain("server_name bbb-01.");
    expect(content("metrics.conf")).not.toContain("MACHINE_HOSTNAME");
  });

  const checks = (changes: object) =>
    planCluster("bbb", configOf({ monitoringCidrs, nodes: 1, ...changes })).monitoring.map(({ machine, request }) => [
      machine,
      request.check,
    ]);
  const host = "example.com";
  const own = {
    through: "node",
    url: `https://bbb-01.${host}`,
    tenant: null,
    page: `https://bbb.${host}/bbb-01/html5client/`,
  };

  test("a node tries its own API, up to the client's page on the proxy", () => {
    expect(checks({})).toEqual([
      ["bbb", null],
      ["bbb-01", own],
    ]);
  });

  test("a standalone node serves that page itself", () => {
    const [, [, check] = []] = checks({ nodeSettings: { "bbb-01": { state: "standalone" } } });
    expect(check).toEqual({ ...own, page: `https://bbb-01.${host}/html5client/` });
  });

  test("the load balancer is tried from the machine that knows its secret", () => {
    const url = "https://lb.example.net";
    const page = `https://bbb.${host}/`;
    expect(checks({ loadBalancer: { kind: "scalelite", url } })).toEqual([
      ["bbb", { through: "balancer", url, tenant: null, page }],
      ["bbb-01", own],
    ]);
    // The others do not know its secret.
    expect(checks({ loadBalancer: { kind: "scalelite", url }, proxies: 2 })).toEqual([
      ["bbb", { through: "balancer", url, tenant: null, page }],
      ["bbb-proxy-02", null],
      ["bbb-01", own],
    ]);
    const tenants = [{ name: "moodle", host: `lb.moodle.${host}`, secretVersion: 1 }];
    expect(checks({ loadBalancer: { kind: "bbblb" }, tenants })).toEqual([
      ["bbb", null],
      ["bbb-lb", { through: "balancer", url: `https://lb.moodle.${host}`, tenant: "moodle", page }],
      ["bbb-01", own],
    ]);
  });

  test("a Prometheus finds every exporter of every machine in one list", () => {
    const found = prometheusTargets("school", planCluster("bbb", configOf({ nodes: 1 })).machines, []);
    expect(new Set(found.map(({ labels }) => labels.cluster))).toEqual(new Set(["school"]));
    expect(found.map(({ targets, labels }) => [targets[0], labels.job, labels.__metrics_path__])).toEqual([
      [`bbb.${host}:9443`, "bbb-node", "/metrics/node"],
      [`bbb.${host}:9443`, "bbb-nginx", "/metrics/nginx"],
      [`bbb-01.${host}:9443`, "bbb-node", "/metrics/node"],
      [`bbb-01.${host}:9443`, "bbb-nginx", "/metrics/nginx"],
    ]);
  });

  test("a node that is not in the cluster is no node to a Prometheus", () => {
    const { machines } = planCluster("bbb", configOf({ nodes: 2 }));
    const found = prometheusTargets("school", machines, ["bbb-02"]);
    const roles = new Map(found.map(({ labels }) => [labels.machine, labels.role]));
    expect([...roles]).toEqual([
      ["bbb", "proxy"],
      ["bbb-01", "node"],
      ["bbb-02", "standalone"],
    ]);
  });

  test("the token is always the same for a cluster, and another one for another", () => {
    expect(metricsToken("a".repeat(64))).toMatch(/^[0-9a-f]{64}$/);
    expect(metricsToken("a".repeat(64))).toBe(metricsToken("a".repeat(64)));
    expect(metricsToken("a".repeat(64))).not.toBe(metricsToken("b".repeat(64)));
  });
});
