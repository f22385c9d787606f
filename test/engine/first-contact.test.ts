import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { clusterWith, startRig } from "./rig";
import { describeCall, hostCommand } from "./rig/call";
import { copyOfProgram } from "./rig/program-copy";

test("changed host programs are copied and carry out their steps again", async () => {
  const project = copyOfProgram();
  const { pulumi, commands } = await startRig({ project, from: await clusterWith({ nodes: 2 }) });
  expect(await pulumi.preview("--expect-no-changes")).toMatchObject({ status: 0 });
  const main = join(project, "host", "bbb_cluster", "__main__.py");
  writeFileSync(main, `${readFileSync(main, "utf8")}\n# changed\n`);
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  expect(commands.calls.map(describeCall).sort()).toEqual([
    "update bbb-01-configured",
    "update bbb-01-in-service",
    "update bbb-01-programs",
    "update bbb-01-route-on-bbb",
    "update bbb-02-configured",
    "update bbb-02-in-service",
    "update bbb-02-programs",
    "update bbb-02-route-on-bbb",
    "update bbb-configured",
    "update bbb-load-balancer",
    "update bbb-programs",
  ]);
  const copied = commands.calls.find((call) => describeCall(call) === "update bbb-01-programs")?.remotePath;
  const configured = commands.calls.filter((call) => hostCommand(call) === "configure-node");
  expect(configured.map(({ command }) => command)).toEqual([
    `python3 -B ${copied}/bbb_cluster configure-node`,
    `python3 -B ${copied}/bbb_cluster configure-node`,
  ]);
});

test("what a node's leaving runs names no version of the host programs", async () => {
  const { pulumi, config, commands } = await startRig({ from: await clusterWith({ nodes: 2 }) });
  config.set({ nodes: 1 });
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  expect(commands.calls.map(({ command }) => command)).toEqual(
    ["leave-service", "remove-route"].map((word) => `/usr/local/sbin/bbb-cluster ${word}`),
  );
});

test("a machine is contacted first when its server is new, replaced included, and never otherwise", async () => {
  const { pulumi, config, commands } = await startRig({ from: await clusterWith({ nodes: 2 }) });
  config.set({ bbbWebProperties: { muteOnStart: "true" } });
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  expect(commands.calls.map(describeCall).sort()).toEqual(["update bbb-01-configured", "update bbb-02-configured"]);

  commands.calls.length = 0;
  const { urn } = (await pulumi.state()).of("bbb-02-server");
  expect(await pulumi.up("--replace", urn)).toMatchObject({ status: 0 });
  // Out of the cluster first; on the new machine everything is done from the beginning.
  expect(commands.calls.map(describeCall)).toEqual([
    "delete bbb-02-in-service",
    "delete bbb-02-route-on-bbb",
    "create bbb-02-programs",
    "create bbb-02-configured",
    "create bbb-02-route-on-bbb",
    "create bbb-02-in-service",
  ]);
  expect(await pulumi.up("--expect-no-changes")).toMatchObject({ status: 0 });
});

test("a replaced proxy gets its routes again, and no node is touched", async () => {
  const { pulumi, commands } = await startRig({ from: await clusterWith({ nodes: 2 }) });
  const { urn } = (await pulumi.state()).of("bbb-server");
  expect(await pulumi.up("--replace", urn)).toMatchObject({ status: 0 });
  expect(commands.calls.map(describeCall).sort()).toEqual([
    "create bbb-configured",
    "create bbb-programs",
    "update bbb-01-route-on-bbb",
    "update bbb-02-route-on-bbb",
    "update bbb-load-balancer",
  ]);
});
