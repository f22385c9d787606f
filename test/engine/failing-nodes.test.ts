import { expect, test, vi } from "vitest";

import { clusterWith, type Rig, startRig } from "./rig";
import { type Call, describeCall, nameOf } from "./rig/call";

/** What the engine exports in place of what it does not know. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

interface Outputs {
  nodes: { name: string; hostname: string; ipv4: string | null }[];
  loadBalancerServers: { servers: Record<string, { secret: string; enabled: boolean }> };
  ssh: string;
}

test("a node that fails hides no output, holds up no other node, and is healed by the next up", async () => {
  const { pulumi, commands } = await startRig({ config: { nodes: 3 } });
  commands.fail(byName(/^bbb-02-configured$/), "bbb-install.sh ended with status 1");
  const failed = await pulumi.up();
  expect(failed.status).not.toBe(0);
  expect(failed.happenings.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(["bbb-02-configured"]);
  expect(failed.output).toContain("bbb-install.sh ended with status 1");
  expect(failed.output).not.toMatch(/TypeError|Unhandled|SyntaxError/);

  const outputs = (await pulumi.outputs()) as unknown as Outputs;
  expect(JSON.stringify(outputs)).not.toContain(unknown);
  expect(outputs.nodes.map(({ name }) => name)).toEqual(["bbb-01", "bbb-02", "bbb-03"]);
  expect(serversOf(outputs)).toEqual({
    "bbb-01.example.com": { secret: "api-secret-bbb-01", enabled: true },
    "bbb-03.example.com": { secret: "api-secret-bbb-03", enabled: true },
  });
  expect((await pulumi.state()).names()).toEqual(
    expect.arrayContaining(["bbb-01-route-on-bbb", "bbb-03-route-on-bbb"]),
  );

  commands.heal();
  const healed = await pulumi.up();
  expect(healed).toMatchObject({ status: 0 });
  expect(healed.happenings.map(({ name }) => name).sort()).toEqual(
    ["configured", "in-service", "route-on-bbb"].map((part) => `bbb-02-${part}`),
  );
  const { servers } = ((await pulumi.outputs()) as unknown as Outputs).loadBalancerServers;
  expect(servers["bbb-02.example.com"]).toMatchObject({ secret: "api-secret-bbb-02", enabled: true });
});

test("a node that hangs holds up no other node, and when the run is killed the next one finishes", async () => {
  const { pulumi, commands } = await startRig({ config: { nodes: 3 } });
  const { reached, release } = commands.hang(byName(/^bbb-02-configured$/));
  const run = pulumi.up();
  await reached;
  const others = ["create bbb-01-route-on-bbb", "create bbb-03-route-on-bbb"];
  const finished = () => commands.calls.filter(({ done }) => done).map(describeCall);
  await vi.waitUntil(() => others.every((call) => finished().includes(call)), { timeout: 60_000, interval: 50 });
  pulumi.kill();
  expect((await run).status).not.toBe(0);
  release();
  commands.heal();
  pulumi.restoreState();
  await pulumi.cancel();
  const healed = await pulumi.up();
  expect(healed).toMatchObject({ status: 0 });
  expect(healed.happenings.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["bbb-02-configured", "bbb-02-route-on-bbb"]),
  );
  expect(healed.happenings.filter(({ name }) => /^bbb-0[13]-(programs|configured)$/.test(name))).toEqual([]);
});

test("when a run leaves out a node's server and another's settings, every output can be read and the next up makes them", async () => {
  const { pulumi } = await startRig({ config: { nodes: 3 } });
  const left = ["bbb-02-server", "bbb-03-configured"].flatMap((name) => ["--exclude", `**::${name}`]);
  const partial = await pulumi.up(...left, "--exclude-dependents");
  expect(partial).toMatchObject({ status: 0 });
  // Without its secret Scalelite takes no server of the list.
  expect(serversOf((await pulumi.outputs()) as unknown as Outputs)).toEqual({
    "bbb-01.example.com": { secret: "api-secret-bbb-01", enabled: true },
  });
  expect(await pulumi.up()).toMatchObject({ status: 0 });
});

// Every machine's servers and addresses: faults of the API know no names.
const addresses = ["bbb", "bbb-01", "bbb-02", "bbb-03"].flatMap((name) => [`${name}-ipv4`, `${name}-ipv6`]);

test.for([
  { what: "servers", parts: ["bbb-01-server", "bbb-02-server", "bbb-03-server", "bbb-server"] },
  { what: "addresses", parts: addresses },
  { what: "steps", parts: ["bbb-01-configured", "bbb-02-programs", "bbb-03-route-on-bbb"] },
])("when $what cannot be made, every output can be read and the next up heals", async ({ what, parts }) => {
  const { pulumi, commands, cloud } = await startRig({ config: { nodes: 3 } });
  if (what === "servers") cloud.setFaults({ "out-of-stock": {} });
  else if (what === "addresses") cloud.setFaults({ unavailable: { method: "POST", path: "^/v1/primary_ips$" } });
  else commands.fail((call) => parts.includes(nameOf(call)), "no");
  const failed = await pulumi.up();
  expect(failed.happenings.flatMap(({ name, ok }) => (ok ? [] : [name])).sort()).toEqual(parts.toSorted());
  expect(JSON.stringify(await pulumi.outputs())).not.toContain(unknown);
  cloud.setFaults({});
  commands.heal();
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  expect(await pulumi.preview("--expect-no-changes")).toMatchObject({ status: 0 });
});

test("with a node cut off and a change pending for it, another leaves, another arrives, a third gets a setting", async () => {
  const from = await clusterWith({ nodes: 4, nodeSettings: { "bbb-04": { state: "absent" } } });
  const rig = await startRig({ from });
  const dead = await addressOf(rig, "bbb-02");
  rig.commands.fail(({ host }) => host === dead, "ssh: connect to host: connection timed out");
  rig.config.set({ nodeSettings: { "bbb-03": { state: "absent" } }, bbbWebProperties: { muteOnStart: "true" } });
  const run = await rig.pulumi.up();
  expect(run.status).not.toBe(0);
  expect(run.happenings.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(["bbb-02-configured"]);
  expect(rig.commands.calls.filter(({ done }) => done).map(describeCall)).toEqual(
    expect.arrayContaining([
      "update bbb-01-configured",
      "delete bbb-03-route-on-bbb",
      "create bbb-04-configured",
      "create bbb-04-route-on-bbb",
    ]),
  );
  expect(rig.cloud.objects().filter((each) => each.startsWith("server"))).toEqual([
    "server bbb",
    "server bbb-01",
    "server bbb-02",
    "server bbb-04",
  ]);
  // The route of the node that is cut off stays as it was: nothing says that it does not serve.
  expect(rig.commands.calls.map(nameOf)).not.toContain("bbb-02-route-on-bbb");

  rig.commands.heal();
  const healed = await rig.pulumi.up();
  expect(healed).toMatchObject({ status: 0 });
  expect(healed.happenings.map(({ name }) => name)).toEqual(["bbb-02-configured"]);
});

test("a node that is cut off can be given up, and is not taken for an empty one before", async () => {
  const rig = await startRig({ from: await clusterWith({ nodes: 2 }) });
  const dead = await addressOf(rig, "bbb-02");
  rig.commands.fail(({ host }) => host === dead, "ssh: connect to host: connection timed out");
  rig.config.set({ nodes: 1 });
  expect((await rig.pulumi.up()).status).not.toBe(0);
  expect(rig.commands.calls.map(describeCall)).toEqual(["delete bbb-02-in-service"]);
  rig.config.set({ nodeSettings: { "bbb-02": { state: "abandoned" } } });
  expect(await rig.pulumi.up()).toMatchObject({ status: 0 });
  expect(rig.cloud.objects().filter((each) => each.includes("bbb-02"))).toEqual([]);
});

function byName(pattern: RegExp) {
  return (call: Call) => pattern.test(nameOf(call));
}

async function addressOf({ pulumi }: Rig, node: string): Promise<string> {
  const { nodes } = (await pulumi.outputs()) as unknown as Outputs;
  return nodes.find(({ name }) => name === node)?.ipv4 ?? "";
}

function serversOf({ loadBalancerServers: { servers } }: Outputs) {
  return Object.fromEntries(Object.entries(servers).map(([name, { secret, enabled }]) => [name, { secret, enabled }]));
}
