import { describe, expect, test } from "vitest";

import { planCluster } from "../../plan/cluster";
import { renderRequest } from "../../plan/requests";
import { configOf } from "../support/stack";

describe("a plan", () => {
  test("is a value: it survives being printed", () => {
    const plan = planCluster("bbb", configOf());
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  test("gives every machine an address of its own, and none that is reserved", () => {
    const { machines } = planCluster("bbb", configOf({ nodes: 90 }));
    const addresses = machines.map(({ privateAddress }) => privateAddress);
    expect(new Set(addresses).size).toBe(91);
    expect(addresses[0]).toBe("10.0.1.2");
    expect(addresses.at(-1)).toBe("10.0.1.100");
    expect(addresses).not.toContain("10.0.1.6");
  });

  test("of another name shares no name with it", () => {
    const [one, other] = ["bbb", "school"].map((name) => {
      const { machines, placementGroups, network, routes } = planCluster(name, configOf());
      return [
        ...machines.map((machine) => machine.name),
        ...placementGroups,
        network.name,
        ...routes.map((r) => r.name),
      ];
    });
    expect(one?.filter((name) => other?.includes(name))).toEqual([]);
  });

  test("names a route after proxy and node", () => {
    expect(planCluster("bbb", configOf()).routes.map(({ name }) => name)).toEqual([
      "bbb-01-route-on-bbb",
      "bbb-02-route-on-bbb",
    ]);
  });

  test("opens to the internet only what users need, and SSH to the administrators", () => {
    const { network, machines } = planCluster("bbb", configOf());
    const { rules } = network.firewalls.node;
    const toAll = machines[0]?.open.filter((row) => !row.includes(" 10.0.1."));
    expect(toAll).toEqual(["tcp 22 203.0.113.7/32", "tcp 80", "tcp 443", "icmp"]);
    const ports = rules.map(({ protocol, port }) => `${protocol} ${port ?? ""}`.trim());
    expect(ports).toEqual(["tcp 22", "tcp 80", "tcp 443", "icmp", "tcp 3478", "udp 3478", "udp 16384-32768"]);
    expect(rules[0]?.sourceIps).toEqual(["203.0.113.7/32"]);
  });

  test("has no firewall that remembers connections in front of the proxy, nor on it", () => {
    const tenants = [{ name: "moodle", host: "moodle.example.com" }];
    const { network, machines } = planCluster("bbb", configOf({ loadBalancer: { kind: "bbblb" }, tenants }));
    expect(Object.keys(network.firewalls)).toEqual(["balancer", "node"]);
    const forgetful = machines.filter(({ untracked }) => untracked);
    const ports = ["80", "443", "8480", "8481", "8482"];
    expect(forgetful.map(({ name, untracked }) => [name, untracked])).toEqual([["bbb", ports]]);
  });

  test("opens what an administrator adds in both places, for those whom it is for", () => {
    const extraRules = [
      { to: "node" as const, protocol: "udp" as const, port: "5060", from: ["198.51.100.0/24"], why: "SIP" },
      { to: "all" as const, protocol: "tcp" as const, port: 9100, from: ["192.0.2.1/32", "10.0.1.9/32"], why: "watch" },
    ];
    const { network, machines, flows } = planCluster("bbb", configOf({ extraRules }));
    const sip = { direction: "in", protocol: "udp", port: "5060", sourceIps: ["198.51.100.0/24"], description: "SIP" };
    expect(network.firewalls.node.rules).toContainEqual(sip);
    expect(network.firewalls.node.rules.at(-1)).toMatchObject({ port: "9100" });
    const [proxy, node] = machines;
    expect(proxy?.open.slice(-1)).toEqual(["tcp 9100 192.0.2.1/32 10.0.1.9/32"]);
    expect(node?.open.slice(-2)).toEqual(["udp 5060 198.51.100.0/24", "tcp 9100 192.0.2.1/32 10.0.1.9/32"]);
    expect(flows.filter(({ why }) => why === "watch").map(({ to }) => to)).toEqual(["proxy", "node", "balancer"]);
  });

  test("lets the machines themselves in where Hetzner's firewall does not act: proxies, to a node's 443", () => {
    const [proxy, node] = planCluster("bbb", configOf({ adminCidrs: ["203.0.113.7/32", "2001:db8::/48"] })).machines;
    const everywhere = ["tcp 22 203.0.113.7/32 2001:db8::/48", "tcp 80", "tcp 443", "icmp"];
    // All that there can be: a proxy that comes or goes changes nothing on the nodes.
    const proxies = "10.0.1.2 10.0.1.3 10.0.1.4 10.0.1.5";
    expect(proxy?.open).toEqual([...everywhere, "tcp 8481-8483 10.0.1.8", `tcp 8483 ${proxies}`]);
    expect(node?.open).toEqual([...everywhere, "tcp 3478", "udp 3478", "udp 16384-32768", `tcp 443 ${proxies}`]);
  });

  test("keeps a firewall within Hetzner's fifty rules", () => {
    const rule = { to: "all" as const, protocol: "tcp" as const, port: "9100", from: ["192.0.2.1/32"], why: "watch" };
    const extraRules = Array.from({ length: 40 }, () => rule);
    const { node } = planCluster("bbb", configOf({ extraRules })).network.firewalls;
    expect(node.rules.length).toBeLessThanOrEqual(50);
  });

  test("warns of what has no effect and of releases without fixes", () => {
    const { warnings } = planCluster(
      "bbb",
      configOf({ release: "2.6", nodeImage: "1", nodes: 1, nodeSettings: { "bbb-03": { type: "ccx43" } } }),
    );
    expect(warnings).toEqual([
      "BigBlueButton 2.6 has reached end of life: no fixes, not even security fixes",
      "nodeSettings.bbb-03 has no effect: nodes is 1",
      "nodeImage 1 is your own: it has to be ubuntu-20.04 on x86",
    ]);
  });

  const openTo = (port: string) => ({ to: "all", protocol: "tcp", port, from: ["0.0.0.0/0"], why: port });

  test.each([
    [{ release: "4.0.0-rc.5" }, /^BigBlueButton 4\.0\.0-rc\.5 is known as betas and release candidates only/],
    [{ release: "4.1" }, /^BigBlueButton 4\.1 is not released/],
    [{ adminCidrs: ["0.0.0.0/0"] }, /^adminCidrs: 0\.0\.0\.0\/0 lets everybody try SSH/],
    [{ adminCidrs: ["203.0.113.7/32", "128.0.0.0/1"] }, /^adminCidrs: 128\.0\.0\.0\/1 lets everybody try SSH/],
    [{ adminCidrs: ["10.0.0.0/8", "2000::/3"] }, /^adminCidrs: 2000::\/3 lets everybody try SSH/],
    [
      { extraRules: [openTo("1-1024"), openTo("2222"), openTo("23-80")] },
      /^extraRules: "1-1024" lets everybody try SSH/,
    ],
    [{ proxyImage: "12345" }, /^proxyImage 12345 is your own/],
    [
      { loadBalancer: { kind: "bbblb" }, tenants: [{ name: "moodle", host: "moodle.example.com" }] },
      /^backup is not set: recordings, and who closed which node, are gone/,
    ],
  ])("warns of %j", (changes, warning) => {
    expect(planCluster("bbb", configOf(changes)).warnings).toEqual([expect.stringMatching(warning)]);
  });
});

describe("a request as text", () => {
  const requestOf = (changes = {}) => planCluster("bbb", configOf({ nodes: 1, ...changes })).nodes[0]?.request ?? {};
  const text = renderRequest(requestOf());

  test("is the request", () => {
    expect(JSON.parse(text)).toEqual(requestOf());
  });

  test("has a line for each setting, so that a preview shows one changed line for one changed setting", () => {
    const linesWith = (b: number) => renderRequest(requestOf({ bbbWebProperties: { a: 1, b, c: 1 } })).split("\n");
    const before = new Set(linesWith(1));
    expect(linesWith(2).filter((line) => !before.has(line))).toEqual(['{"key":"b","value":"2"},']);
  });
});
