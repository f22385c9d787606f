import { describe, expect, test } from "vitest";

import { hierarchies } from "../../fabric/cgroup";

describe("the cgroup hierarchies of a host", () => {
  test("a pure v2 host has one", () => {
    const mounts = "proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n";
    expect(hierarchies(mounts)).toEqual(["/sys/fs/cgroup"]);
  });

  test("a hybrid host has one per controller, systemd's and the unified one; cpuset is left out", () => {
    const mounts = [
      "tmpfs /sys/fs/cgroup tmpfs rw,mode=755 0 0",
      "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0",
      "cgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0",
      "cgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0",
      "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0",
    ];
    expect(hierarchies(mounts.join("\n"))).toEqual([
      "/sys/fs/cgroup/memory",
      "/sys/fs/cgroup/systemd",
      "/sys/fs/cgroup/unified",
    ]);
  });
});
