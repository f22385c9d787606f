import { describe, expect, test } from "vitest";

import { planCluster } from "../../plan/cluster";
import { configOf } from "../support/stack";

const planOf = (proxies: number, changes: object = {}) => planCluster("bbb", configOf({ proxies, ...changes }));
const contentOf = (plan: ReturnType<typeof planOf>, proxy: number, path: string) =>
  plan.proxies[proxy]?.request.files.find((file) => file.path.endsWith(path))?.content.join("\n");

describe("several proxies", () => {
  test("have a load balancer in front, to which the cluster's name leads; one has none", () => {
    expect(planOf(1).frontDoor).toEqual({ hostname: "bbb.example.com" });
    const { hostname, balancer } = planOf(2, { proxyLoadBalancerType: "lb21" }).frontDoor;
    expect([hostname, balancer?.name, balancer?.type]).toEqual(["bbb.example.com", "bbb-front-door", "lb21"]);
  });

  test("each have a name of their own besides, the first of them without another machine", () => {
    const names = (proxies: number) => planOf(proxies).proxies.map(({ machine }) => [machine.name, machine.hostname]);
    expect(names(1)).toEqual([["bbb", "bbb.example.com"]]);
    expect(names(3)).toEqual([
      ["bbb", "bbb-proxy-01.example.com"],
      ["bbb-proxy-02", "bbb-proxy-02.example.com"],
      ["bbb-proxy-03", "bbb-proxy-03.example.com"],
    ]);
  });

  test("have certificates that differ in their names, so that no limit for equal ones is met", () => {
    const requests = planOf(4).proxies.map(({ request }) => request);
    expect(new Set(requests.map(({ hostname }) => hostname))).toEqual(new Set(["bbb.example.com"]));
    expect(new Set(requests.map(({ names }) => names.join())).size).toBe(4);
  });

  test("change nothing on the nodes, and little on the first proxy", () => {
    const [one, two] = [planOf(1), planOf(2)];
    expect(two.nodes).toEqual(one.nodes);
    const changed = two.proxies[0]?.request.files.filter(
      (file) =>
        JSON.stringify(file) !== JSON.stringify(one.proxies[0]?.request.files.find(({ path }) => path === file.path)),
    );
    expect(changed?.map(({ path }) => path.replace(/.*\//, ""))).toEqual([
      "name.conf",
      "challenges.conf",
      "bbb-cluster-peers.conf",
      "bbb-cluster-drain.service",
      "bbb-cluster-drain.conf",
    ]);
  });

  test("ask each other for what a certificate authority wants, and are not asked on", () => {
    const plan = planOf(3);
    expect(contentOf(plan, 1, "peers.conf")).toBe(
      "upstream bbb_peers {\n    server 10.0.1.2:8483 max_fails=0;\n    server 10.0.1.4:8483 max_fails=0;\n}",
    );
    expect(contentOf(plan, 1, "challenges.conf")).toContain("try_files $uri @peers;");
    expect(contentOf(plan, 1, "health.conf")).not.toContain("proxy_pass");
    expect(contentOf(planOf(1), 0, "challenges.conf")).not.toContain("peers");
  });

  test("believe the load balancer alone who a client is, on ports that nobody else reaches", () => {
    const plan = planOf(2);
    expect(contentOf(plan, 0, "balanced.conf")).toBe("set_real_ip_from 10.0.1.8;\nreal_ip_header proxy_protocol;");
    expect(plan.machines[0]?.open).toContain("tcp 8481-8483 10.0.1.8");
    expect(plan.machines[0]?.open.filter((row) => /848[12]/.test(row))).toEqual(["tcp 8481-8483 10.0.1.8"]);
    expect(plan.machines[0]?.untracked).toEqual(["80", "443", "8480", "8481", "8482"]);
  });

  test("say that they do not serve for as long as the load balancer needs to believe it", () => {
    expect(contentOf(planOf(2), 0, "drain.service")).toContain("sleep 6;");
  });

  test("are never maintained at once", () => {
    const windows = (proxies: number, window: string) =>
      planOf(proxies, { maintenance: { window, timezone: "Europe/Berlin" } }).proxies.map(
        ({ request }) => request.maintenance,
      );
    expect(windows(1, "02:00-05:00")).toEqual(["02:00-05:00 Europe/Berlin"]);
    expect(windows(3, "02:00-05:00")).toEqual([
      "02:00-03:00 Europe/Berlin",
      "03:00-04:00 Europe/Berlin",
      "04:00-05:00 Europe/Berlin",
    ]);
    expect(windows(4, "23:50-00:20")).toEqual([
      "23:50-23:57 Europe/Berlin",
      "23:57-00:05 Europe/Berlin",
      "00:05-00:12 Europe/Berlin",
      "00:12-00:20 Europe/Berlin",
    ]);
  });

  test("each have a route to every node, known by the cluster's name", () => {
    const { routes } = planOf(2, { nodes: 2 });
    expect(routes.map(({ name, request }) => [name, request.proxyHostname])).toEqual(
      ["bbb", "bbb-proxy-02"].flatMap((proxy) =>
        ["bbb-01", "bbb-02"].map((node) => [`${node}-route-on-${proxy}`, "bbb.example.com"]),
      ),
    );
  });

  test("tell their metrics under their own names, with the certificate that is kept under the cluster's", () => {
    const { monitoring } = planOf(2, { monitoringCidrs: ["203.0.113.9/32"] });
    const files = monitoring.find(({ machine }) => machine === "bbb-proxy-02")?.request.files ?? [];
    const site = files.find(({ path }) => path.endsWith("metrics.conf"))?.content.join("\n");
    expect(site).toContain("server_name bbb-proxy-02.example.com;");
    expect(site).toContain("/live/bbb.example.com/fullchain.pem;");
  });
});
