import { beforeAll, describe, expect, test } from "vitest";

import { type Graph, runProgram } from "../support/graph";

const values = { proxies: "2", nodes: "1" };
let fresh: Graph;
let growing: Graph;
let running: Graph;

beforeAll(async () => {
  fresh = await runProgram(values);
  growing = await runProgram(values, { frontDoor: { targets: 0, isNamed: true } });
  running = await runProgram(values, { frontDoor: { targets: 2, isNamed: true } });
});

const waitsFor = (graph: Graph, name: string, other: string) => graph.of(name).dependsOn.includes(graph.of(other).urn);

describe("the load balancer in front of proxies", () => {
  test("passes TCP on to private addresses, says who the client is, and asks whether a proxy serves", () => {
    expect(running.of("bbb-front-door").inputs).toMatchObject({ loadBalancerType: "lb11", location: "fsn1" });
    expect(running.of("bbb-front-door-attachment").inputs["ip"]).toBe("10.0.1.8");
    expect(running.of("bbb-front-door-443").inputs).toMatchObject({
      ...{ protocol: "tcp", listenPort: 443, destinationPort: 8482, proxyprotocol: true },
      healthCheck: {
        ...{ protocol: "http", port: 8483, interval: 3, timeout: 2, retries: 1 },
        http: { path: "/https", statusCodes: ["200"] },
      },
    });
    expect(running.of("bbb-front-door-to-bbb").inputs).toMatchObject({ type: "server", usePrivateIp: true });
  });

  test.each(["bbb", "bbb-proxy-02"])(
    "sends nobody to %s before that is configured and its routes are open",
    (proxy) => {
      const target = `bbb-front-door-to-${proxy}`;
      expect(waitsFor(running, target, `${proxy}-configured`)).toBe(true);
      expect(waitsFor(running, target, `bbb-01-route-on-${proxy}`)).toBe(true);
    },
  );

  test("loses a proxy with its server, which is shut down and drains before", () => {
    expect(running.of("bbb-front-door-to-bbb-proxy-02").deletedWith).toBe(running.of("bbb-proxy-02-server").urn);
    expect(running.of("bbb-proxy-02-server").inputs["shutdownBeforeDeletion"]).toBe(true);
  });

  test("gets the cluster's name when it has been seen to lead to the cluster, by records that were the first proxy's", () => {
    expect(running.of("bbb-a").inputs).toMatchObject({ name: "bbb", ttl: 60, records: [{ value: "203.0.113.20" }] });
    expect(waitsFor(running, "bbb-a", "bbb-front-door-proved")).toBe(true);
    expect(waitsFor(running, "bbb-front-door-proved", "bbb-front-door-to-bbb-proxy-02")).toBe(true);
    expect(running.of("bbb-proxy-01-a").inputs).toMatchObject({ name: "bbb-proxy-01", ttl: 300 });
  });

  test("waits, before it goes, until nobody is sent to it any more; not when the whole cluster goes", () => {
    const { inputs, deletedWith } = running.of("bbb-front-door-proved");
    expect(inputs["delete"]).toMatch(/ leave-front-door$/);
    expect(deletedWith).toBe(running.of("bbb-server").urn);
    // Nor when its first proxy is replaced: a trigger would leave it first.
    expect(inputs["triggers"]).toBeUndefined();
  });

  test("in a new cluster leads certificate authorities to the first proxy from the beginning", () => {
    expect(waitsFor(fresh, "bbb-a", "bbb-front-door-to-bbb")).toBe(true);
    expect(waitsFor(fresh, "bbb-configured", "bbb-a")).toBe(true);
    expect(waitsFor(fresh, "bbb-front-door-to-bbb", "bbb-configured")).toBe(false);
    expect(waitsFor(fresh, "bbb-front-door-to-bbb-proxy-02", "bbb-proxy-02-configured")).toBe(true);
  });

  test("of a cluster with one proxy gets its name last", () => {
    expect(waitsFor(growing, "bbb-a", "bbb-front-door-proved")).toBe(true);
    expect(waitsFor(growing, "bbb-configured", "bbb-a")).toBe(false);
  });
});

describe("proxies", () => {
  test("are configured one after the other: the first knows the second when that asks for its certificate", () => {
    expect(waitsFor(running, "bbb-proxy-02-configured", "bbb-configured")).toBe(true);
  });

  test("are told every address that the cluster's name may have", () => {
    const { addresses } = JSON.parse(running.of("bbb-proxy-02-configured").inputs["stdin"] as string);
    expect(addresses).toEqual(expect.arrayContaining(["203.0.113.10", "203.0.113.20", "2001:db8:2::1"]));
  });

  test("let a node enter service when its routes on all of them are open", () => {
    for (const proxy of ["bbb", "bbb-proxy-02"]) {
      expect(waitsFor(running, "bbb-01-in-service", `bbb-01-route-on-${proxy}`)).toBe(true);
    }
  });

  test("that are one have no load balancer, and the cluster's name leads to it", async () => {
    const one = await runProgram({ nodes: "1" });
    expect(one.requests.filter(({ type }) => /loadBalancer/i.test(type))).toEqual([]);
    expect(one.of("bbb-a").inputs).toMatchObject({ ttl: 300, records: [{ value: "203.0.113.10" }] });
    expect(one.outputs["url"]).toBe("https://bbb.example.com");
  });
});
