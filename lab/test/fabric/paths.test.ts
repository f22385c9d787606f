import { describe, expect, test } from "vitest";

import { labHome, labNamed } from "../../paths";

describe("where a lab lives", () => {
  test("its folder is named after it, in the home of all labs", () => {
    expect(labNamed("two", "/srv/labs").folder).toBe("/srv/labs/two");
    expect(labNamed("two", "/srv/labs").pulumi.config).toBe("/srv/labs/two/pulumi/Pulumi.lab.yaml");
  });

  test("the home is /var/lib/bbb-cluster-lab unless BBB_LAB_HOME says otherwise", () => {
    expect(labHome({})).toBe("/var/lib/bbb-cluster-lab");
    expect(labHome({ BBB_LAB_HOME: "/srv/labs" })).toBe("/srv/labs");
  });

  test("labs of one name in two homes share no cgroup", () => {
    expect(labNamed("a", "/x").cgroup).not.toBe(labNamed("a", "/y").cgroup);
  });

  test.each(["", "..", "a/b", "A", "-a", "a-", "a b", "x".repeat(33)])("a lab cannot be called %j", (name) => {
    expect(() => labNamed(name)).toThrow(/name of a lab/);
  });
});
