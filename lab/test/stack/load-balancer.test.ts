import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

import { chooseLoadBalancer, type LoadBalancerKind } from "../../stack/load-balancer";

const settings = {
  name: "test",
  domain: "cluster.test",
  token: "t",
  loadBalancerSecret: "s",
  bases: { bookworm: "", trixie: "" },
  packages: [],
};
const file = join(mkdtempSync(join(tmpdir(), "stack-")), "Pulumi.lab.yaml");

/** What is set, and the commands before that, for a choice in a stack that has these. */
async function chosen(wanted: LoadBalancerKind | undefined, config: string, first?: LoadBalancerKind) {
  writeFileSync(file, config);
  const commands: string[] = [];
  const read = async (...args: string[]) => {
    commands.push(args.join(" "));
    return "";
  };
  return { ...(await chooseLoadBalancer(settings, { read }, { wanted, first }, file)), commands };
}

const none = "config:\n  bbb-cluster:loadBalancer:\n    kind: none\n";
const scalelite = "config:\n  bbb-cluster:loadBalancer:\n    kind: scalelite\n    url: https://lb.cluster.test\n";
const nothing = { plain: [], secret: {}, commands: [] };

test("a new stack, and one that is older than the choice, has none unless it is asked for", async () => {
  expect(await chosen(undefined, "")).toEqual({ ...nothing, plain: [["loadBalancer.kind", "none"]] });
  expect(await chosen(undefined, "config:\n  bbb-cluster:nodes: 2\n")).toMatchObject({
    plain: [["loadBalancer.kind", "none"]],
  });
});

test("`npm run lab` alone is all of it: a new stack has the cluster's own, and another that was chosen stays", async () => {
  const own = await chosen(undefined, "", "bbblb");
  expect(own.plain.map(([key]) => key)).toEqual([
    "loadBalancer.kind",
    ...[0, 1].flatMap((index) => [`tenants[${index}].name`, `tenants[${index}].host`]),
    "backup.repository",
  ]);
  for (const config of [none, scalelite]) expect(await chosen(undefined, config, "bbblb")).toEqual(nothing);
});

test("what is chosen stays until another is", async () => {
  for (const config of [none, scalelite]) expect(await chosen(undefined, config)).toEqual(nothing);
  expect(await chosen("scalelite", scalelite)).toEqual(nothing);
});

test("the cluster's own has frontends, and a backup that outlives its machine", async () => {
  const { plain } = await chosen("bbblb", none);
  expect(plain).toContainEqual(["tenants[0].host", "moodle.cluster.test"]);
  expect(plain).toContainEqual(["backup.repository", "sftp://u123@storage-box.lab.test:23/bbb"]);
  const bbblb = "config:\n  bbb-cluster:loadBalancer:\n    kind: bbblb\n";
  expect((await chosen("none", bbblb)).commands).toContain("config rm backup --non-interactive");
});

test("another choice leaves nothing of the one before", async () => {
  expect(await chosen("scalelite", none)).toEqual({
    plain: [
      ["loadBalancer.kind", "scalelite"],
      ["loadBalancer.url", "https://lb.cluster.test"],
    ],
    secret: { loadBalancerSecret: "s" },
    commands: ["config rm loadBalancer --non-interactive"],
  });
  expect(await chosen("none", scalelite)).toEqual({
    plain: [["loadBalancer.kind", "none"]],
    secret: {},
    commands: ["config rm loadBalancer --non-interactive", "config rm loadBalancerSecret --non-interactive"],
  });
});
