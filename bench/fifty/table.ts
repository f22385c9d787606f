import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openRig, type RigOptions, type Snapshot } from "../../test/engine/rig/open";
import { killThoseWith } from "../../test/engine/rig/processes";
import type { Run } from "../../test/engine/rig/pulumi";
import { prepareWorkshop, pulumiHome, type Workshop } from "../../test/engine/rig/workshop";
import { compare, inSeconds, type Rounds, type Row, type Table } from "../table";
import { leastProject } from "./least-project";
import { oneSetting } from "./one-setting";

/** What the program costs its administrator: the real engine and provider on an emulated cloud. */
export const fifty: Table = {
  title: "Fifty nodes",
  about:
    "the real Pulumi and the real Hetzner provider on an emulated cloud, without root and without machines; " +
    "three minutes a round on two cores, and as many more the first time, to get Pulumi",
  async measure(run) {
    const folder = mkdtempSync(join(tmpdir(), "bbb-cluster-bench-"));
    const clean = () => {
      killThoseWith(`PULUMI_HOME=${pulumiHome(folder)}`);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    };
    // Ctrl-C reaches this process alone: the command `tsx` would kill it after 60 ms, in the middle of this.
    process.once("exit", clean);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
    const workshop = await prepareWorkshop(folder);
    const clusters = { one: await cluster(workshop, 1), fifty: await cluster(workshop, 50) };
    return [
      await previews(run, workshop, clusters),
      ...(await checkpoints(run, workshop)),
      stateOfANode(clusters),
      ...(await oneSetting(run, workshop)),
      await requests(run, workshop),
    ];
  },
};

/** Addresses, names, server, attachment, programs, configuration, route, service. */
const resourcesOfANode = 12;

interface Cluster extends Snapshot {
  /** Bytes. */
  state: number;
}

async function previews(run: Rounds, workshop: Workshop, from: { one: Cluster; fifty: Cluster }): Promise<Row> {
  const preview = (cluster: Cluster) => async () => {
    const rig = await openRig(workshop, { from: cluster });
    const { seconds } = mustBeFine(await rig.pulumi.preview("--expect-no-changes"));
    await rig.remove();
    return seconds;
  };
  const found = await compare(run, "preview of 50 nodes against one", [preview(from.fifty), preview(from.one)]);
  return { what: "`preview` without changes, 50 nodes / 1", ...inSeconds(found), atMost: 3 };
}

async function checkpoints(run: Rounds, workshop: Workshop): Promise<Row[]> {
  const upOf = (options: RigOptions) => {
    const up = (env: NodeJS.ProcessEnv) => async () => {
      const rig = await openRig(workshop, { ...options, env });
      const { seconds } = mustBeFine(await rig.pulumi.up());
      await rig.remove();
      return seconds;
    };
    return [up({}), up({ PULUMI_SKIP_CHECKPOINTS: "true" })] as const;
  };
  const ours = await compare(
    run,
    "up to 50 nodes against the same without checkpoints",
    upOf({ config: { nodes: 50 } }),
  );
  const nothing = { ...leastProject, config: { "least:resources": 50 * resourcesOfANode } };
  const least = await compare(run, "up of as many resources with nothing in them, likewise", upOf(nothing));
  const { one } = ours;
  return [
    { what: "`up` from 0 to 50 nodes / the same without checkpoints", ...inSeconds(ours), atMost: 2 },
    {
      what: `the same for ${nothing.config["least:resources"]} resources with nothing but a name`,
      ...inSeconds(least),
    },
    { what: "`up` from 0 to 50 nodes", measured: `${one.toFixed(1)} s`, value: one, atMost: 60, unit: " s" },
  ];
}

function stateOfANode({ one, fifty }: { one: Cluster; fifty: Cluster }): Row {
  const value = (fifty.state - one.state) / 49 / 1024;
  const measured = `${Math.round(fifty.state / 1024)} KB with 50 nodes`;
  return { what: "state per node", measured, value, atMost: 30, unit: " KB" };
}

/** With actions of three seconds, asked for as Pulumi.yaml says. */
async function requests({ say }: Rounds, workshop: Workshop): Promise<Row> {
  const [few, more] = [1, 5];
  const count = async (nodes: number) => {
    const own = { "hcloud:pollInterval": undefined, "hcloud:pollFunction": undefined };
    const rig = await openRig(workshop, { config: { nodes, ...own }, actionMs: 3000 });
    mustBeFine(await rig.pulumi.up());
    const asked = rig.cloud.requests;
    await rig.remove();
    const polls = asked.filter(({ path }) => path.startsWith("/v1/actions")).length;
    say(`API requests for ${nodes} nodes: ${asked.length}, of them polls: ${polls}`);
    return { all: asked.length, polls };
  };
  const [one, five] = [await count(few), await count(more)];
  const perMachine = (key: "all" | "polls") => (five[key] - one[key]) / (more - few);
  const measured = `${perMachine("polls").toFixed(1)} of them polls, with actions of 3 s`;
  return { what: "API requests per machine", measured, value: perMachine("all"), atMost: 30 };
}

async function cluster(workshop: Workshop, nodes: number): Promise<Cluster> {
  const { folder, endpoint, close, pulumi } = await openRig(workshop, { config: { nodes } });
  mustBeFine(await pulumi.up());
  await close();
  return { folder, endpoint, state: statSync(pulumi.stateFile).size };
}

function mustBeFine(run: Run): Run {
  if (run.status !== 0) throw new Error(`Pulumi ended with status ${run.status}:\n${run.output}`);
  return run;
}
