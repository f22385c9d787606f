import { expect, test } from "vitest";

import { absentNodes, nodeNumber, parseSshHosts, readCluster } from "../../checks/cluster";

const key = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const host = (name: string, address: string) => `Host ${name} ${name}.cluster.test
  HostName ${address}
  User root
  HostKeyAlias ${name}
  KnownHostsCommand /usr/bin/printf "${name} ssh-ed25519 ${key}\\n"
`;
const ssh = `${host("bbb", "203.0.113.10")}\n${host("bbb-01", "203.0.113.11")}`;
const outputs = {
  url: "https://bbb.cluster.test/",
  nodes: [
    {
      name: "bbb-01",
      hostname: "bbb-01.cluster.test",
      ipv4: "203.0.113.11",
      ipv6: "2001:db8:2::1",
      api: "https://bbb-01.cluster.test/bigbluebutton/api",
    },
  ],
  loadBalancerServers: {
    servers: {
      "bbb-01.cluster.test": { url: "https://bbb-01.cluster.test/bigbluebutton/api", secret: "s", enabled: true },
    },
  },
  ssh,
};

test("the outputs say which machines there are and how they are reached", () => {
  expect(readCluster(outputs)).toEqual({
    frontDoor: {
      name: "bbb",
      hostname: "bbb.cluster.test",
      origin: "https://bbb.cluster.test",
      ipv4: "203.0.113.10",
      ipv6: null,
      privateIp: "10.0.1.2",
      hostKeys: [`ssh-ed25519 ${key}`],
    },
    nodes: [
      {
        name: "bbb-01",
        hostname: "bbb-01.cluster.test",
        origin: "https://bbb-01.cluster.test",
        ipv4: "203.0.113.11",
        ipv6: "2001:db8:2::1",
        privateIp: "10.0.1.11",
        hostKeys: [`ssh-ed25519 ${key}`],
        api: "https://bbb-01.cluster.test/bigbluebutton/api",
        secret: "s",
        standalone: false,
      },
    ],
  });
});

test("an empty stack is one sentence with what to do", () => {
  expect(() => readCluster({})).toThrow(
    "The stack has no output url, nodes, loadBalancerServers, ssh: the cluster is not up yet; run: npm run lab -- up",
  );
});

test("each host of an ssh_config keeps its own address and key", () => {
  const hosts = parseSshHosts(`${ssh}Host other second\n  User root\n`);
  expect([...hosts.keys()]).toEqual(["bbb", "bbb.cluster.test", "bbb-01", "bbb-01.cluster.test", "other", "second"]);
  expect(hosts.get("bbb-01")).toEqual({ address: "203.0.113.11", hostKeys: [`ssh-ed25519 ${key}`] });
  expect(hosts.get("second")).toEqual({ address: null, hostKeys: [] });
});

test("a node's number is read from its name", () => {
  expect(nodeNumber("bbb-07")).toBe(7);
});

test("absent are the gaps and the node that would come next", () => {
  const cluster = readCluster(outputs);
  const names = (...numbers: number[]) =>
    absentNodes({
      ...cluster,
      nodes: numbers.flatMap((n) => cluster.nodes.map((node) => ({ ...node, name: `bbb-0${n}` }))),
    });
  expect(names(1, 2)).toEqual(["bbb-03"]);
  expect(names(1, 4)).toEqual(["bbb-02", "bbb-03", "bbb-05"]);
});
