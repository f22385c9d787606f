import { expect, test } from "vitest";

import { hostProgramsHash } from "../../components/host-programs";
import { clusterWith, startRig } from "./rig";
import type { State } from "./rig/state";

// Raised only by argument in the commit: the state is written as a whole at each step, so every resource and every
// byte is paid for by each of the others.
// The fourth command is the node's own word on whether it may go: what runs on the proxy cannot know who is there.
// Hetzner answers 3600 requests an hour, and each wait for it is at least one of them.
const perNode = { resources: 12, remote: 4, stdinBytes: 3 * 1024, stateBytes: 30 * 1024, requests: 21, waits: 8 };

test("a node costs at most 12 resources, 4 of them remote, 3 KB of requests and 30 KB of state", async () => {
  const [one, three] = [await stateWith(1), await stateWith(3)];
  const cost = (count: (state: State) => number) => (count(three) - count(one)) / 2;
  expect(cost((state) => state.resources.length)).toBeLessThanOrEqual(perNode.resources);
  expect(cost((state) => remote(state).length)).toBeLessThanOrEqual(perNode.remote);
  expect(cost(stdinBytes)).toBeLessThanOrEqual(perNode.stdinBytes);
  expect(cost(stdinBytes)).toBeGreaterThan(0);
  expect(cost((state) => JSON.stringify(state.resources).length)).toBeLessThanOrEqual(perNode.stateBytes);
});

test("the state keeps no traces of the program that made it", async () => {
  // The stack itself is there before the program.
  const { resources } = await stateWith(1);
  const traced = resources.filter((resource) => "stackTrace" in resource || "sourcePosition" in resource);
  expect(traced.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack"]);
});

test("the engine is told the hash of the host programs, and reads none of them for each machine", async () => {
  const { inputs } = (await stateWith(1)).of("bbb-01-programs");
  expect(inputs?.["source"]).toMatchObject({ hash: hostProgramsHash() });
});

test("a new node costs at most 21 requests, and waits for Hetzner at most 8 times", async () => {
  const { pulumi, config, cloud } = await startRig({ from: await clusterWith({ nodes: 1 }) });
  config.set({ nodes: 3 });
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  const isPoll = ({ path }: { path: string }) => path.startsWith("/v1/actions");
  expect(cloud.requests.filter((request) => !isPoll(request)).length / 2).toBeLessThanOrEqual(perNode.requests);
  const awaited = new Set(cloud.requests.filter(isPoll).map(({ path }) => path));
  expect(awaited.size / 2).toBeLessThanOrEqual(perNode.waits);
});

test("eight nodes come up in one run", async ({ annotate }) => {
  const { pulumi, cloud } = await startRig({ config: { nodes: 8 } });
  const run = await pulumi.up();
  expect(run).toMatchObject({ status: 0 });
  await annotate(`${run.seconds.toFixed(1)} s, ${cloud.requests.length} requests`);
});

test("what the proxy is asked to be does not grow with the nodes", async () => {
  const request = (state: State) => ({
    ...JSON.parse(String(state.of("bbb-configured").inputs?.["stdin"])),
    addresses: [],
  });
  expect(request(await stateWith(3))).toEqual(request(await stateWith(1)));
});

async function stateWith(nodes: number): Promise<State> {
  const { pulumi } = await startRig({ from: await clusterWith({ nodes }) });
  return pulumi.state();
}

function remote(state: State) {
  return state.resources.filter(({ type }) => type.startsWith("command:"));
}

function stdinBytes(state: State): number {
  return remote(state).reduce((sum, { inputs }) => sum + Buffer.byteLength(String(inputs?.["stdin"] ?? "")), 0);
}
