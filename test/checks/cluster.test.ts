import { expect, test } from "vitest";

import { absentNodes, parseHostKeys, readCluster } from "../../checks/cluster";
import { machineOutput } from "../support/outputs";

const key = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const host = (name: string, address: string) => `Host ${name} ${name}.cluster.test
  HostName ${address}
  User root
  HostKeyAlias ${name}
  KnownHostsCommand /usr/bin/printf "${name} ssh-ed25519 ${key}\\n"
`;
const ssh = `${host("bbb", "203.0.113.10")}\n${host("bbb-01", "203.0.113.11")}`;
const api = "https://bbb-01.cluster.test/bigbluebutton/api";
const outputs = {
  url: "https://bbb.cluster.test",
  proxies: [machineOutput("bbb", 10)],
  nodes: [{ ...machineOutput("bbb-01", 11), state: "present", api }],
  loadBalancerServers: {
    servers: { "bbb-01.cluster.test": { url: api, secret: "s", enabled: true, load_multiplier: 0.5 } },
  },
  ssh,
};
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

test("the outputs say which machines there are and how they are reached", () => {
  expect(readCluster(outputs)).toEqual({
    origin: "https://bbb.cluster.test",
    proxies: [{ ...machineOutput("bbb", 10), origin: "https://bbb.cluster.test", hostKeys: [`ssh-ed25519 ${key}`] }],
    nodes: [
      {
        ...machineOutput("bbb-01", 11),
        origin: "https://bbb-01.cluster.test",
        hostKeys: [`ssh-ed25519 ${key}`],
        api,
        secret: "s",
        standalone: false,
        draining: false,
        loadMultiplier: 0.5,
      },
    ],
    balancers: [],
    frontends: [],
    teller: null,
    ssh,
  });
  const loadBalancer = { kind: "scalelite", url: "https://lb.example.com", teller: "bbb" };
  expect(readCluster({ ...outputs, loadBalancer }).teller).toBe("bbb");
});

test("what the last run did not get to know is null, and the rest is as it is", () => {
  const [node] = outputs.nodes;
  const half = { ...outputs, ssh: unknown, loadBalancerServers: unknown, nodes: [{ ...node, ipv4: unknown }] };
  const { nodes, ssh: config } = readCluster(half);
  expect([nodes[0]?.ipv4, nodes[0]?.ipv6, nodes[0]?.secret, config]).toEqual([null, "2001:db8:11::1", null, null]);
  const failed = { servers: { "bbb-01.cluster.test": { url: api, secret: null, enabled: false } } };
  expect(readCluster({ ...outputs, loadBalancerServers: failed }).nodes[0]?.secret).toBe(null);
});

test("meetings are asked for by each tenant of the cluster's own load balancer, or by Scalelite's secret where it is known", () => {
  const tenants = { moodle: { url: "https://moodle.cluster.test/bigbluebutton/api", secret: "m" } };
  expect(readCluster({ ...outputs, tenants, loadBalancer: { url: null, teller: "bbb-lb" } }).frontends).toEqual([
    {
      name: "moodle",
      hostname: "moodle.cluster.test",
      origin: "https://moodle.cluster.test",
      api: "https://moodle.cluster.test/bigbluebutton/api",
      secret: "m",
      isTenant: true,
    },
  ]);
  const loadBalancer = { kind: "scalelite", url: "https://lb.example.com", teller: "bbb" };
  expect(readCluster({ ...outputs, loadBalancer }).frontends).toEqual([]);
  expect(readCluster({ ...outputs, loadBalancer }, "l").frontends).toEqual([
    {
      name: "load balancer",
      hostname: "lb.example.com",
      origin: "https://lb.example.com",
      api: "https://lb.example.com/bigbluebutton/api",
      secret: "l",
      isTenant: false,
    },
  ]);
  expect(readCluster({ ...outputs, tenants: unknown, loadBalancer: unknown }, "l").frontends).toEqual([]);
});

test("an empty stack is one sentence with what to do", () => {
  expect(() => readCluster({})).toThrow(
    "the stack has no usable output url, proxies, nodes: the cluster is not up; run: pulumi up",
  );
  expect(() => readCluster({ ...outputs, nodes: unknown })).toThrow("no usable output nodes");
});

test("each host of an ssh_config keeps its own key", () => {
  const hosts = parseHostKeys(`${ssh}Host other second\n  User root\n`);
  expect([...hosts.keys()]).toEqual(["bbb", "bbb.cluster.test", "bbb-01", "bbb-01.cluster.test", "other", "second"]);
  expect(hosts.get("bbb-01")).toEqual([`ssh-ed25519 ${key}`]);
  expect(hosts.get("second")).toEqual([]);
});

test("absent are the gaps and the node that would come next", () => {
  const { proxies, nodes } = readCluster(outputs);
  const names = (...numbers: number[]) =>
    absentNodes({
      proxies,
      nodes: numbers.flatMap((n) => nodes.map((node) => ({ ...node, name: `bbb-0${n}` }))),
    });
  expect(names(1, 2)).toEqual(["bbb-03"]);
  expect(names(1, 4)).toEqual(["bbb-02", "bbb-03", "bbb-05"]);
  expect(names()).toEqual(["bbb-01"]);
});
