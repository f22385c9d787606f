import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import type { Machine } from "../../api/fabric";
import { seedFiles } from "../../fabric/seed";

const machine: Machine = {
  id: 42,
  name: "bbb-01",
  image: "debian-12",
  userData: "#cloud-config\nruncmd: [true]",
  sshPublicKeys: ["ssh-ed25519 AAAA one", "ssh-ed25519 BBBB two"],
  ipv4: "203.0.113.10",
  ipv6Network: "2001:db8:a::/64",
  cores: 2,
  memoryGb: 4,
  volumes: [],
};

function file(path: string): string | undefined {
  return seedFiles(machine).find((candidate) => candidate.path === path)?.text;
}

describe("what a machine's disk starts with", () => {
  test("user data arrives byte for byte", () => {
    expect(file("var/lib/cloud/seed/nocloud/user-data")).toBe("#cloud-config\nruncmd: [true]");
  });

  test("meta data is YAML with the instance, its name and the project's keys", () => {
    expect(parse(file("var/lib/cloud/seed/nocloud/meta-data") ?? "")).toEqual({
      "instance-id": "42",
      "local-hostname": "bbb-01",
      "public-keys": ["ssh-ed25519 AAAA one", "ssh-ed25519 BBBB two"],
    });
  });

  test("the machine knows its own name and the lab's resolver", () => {
    expect(file("etc/hostname")).toBe("bbb-01\n");
    expect(file("etc/hosts")).toContain("127.0.1.1\tbbb-01\n");
    expect(file("etc/resolv.conf")).toBe("nameserver 198.51.100.53\n");
  });

  test("a name with a domain stands in /etc/hosts with its short form", () => {
    const files = seedFiles({ ...machine, name: "bbb-01.cluster.test" });
    expect(files.find(({ path }) => path === "etc/hosts")?.text).toContain("127.0.1.1\tbbb-01.cluster.test bbb-01\n");
  });
});
