import { defineCommand } from "citty";

import { type ClusterNode, readCluster } from "../checks/cluster";
import type { Occupancy } from "../checks/occupancy";
import { plainText } from "../checks/plain-text";
import { UsageError } from "./command-line";
import { namedNodes, nodesArg } from "./named-nodes";
import { readStackOutputs } from "./pulumi";
import { sshArgs, withReach } from "./ssh";
import { withProgress } from "./terminal";
import { cordonOn, isOpen, occupancyOn, type Reach } from "./walk/cordon-on";

/** `cordon`: an administrator closes nodes to new meetings, until he opens them again. */
export const command = defineCommand({
  meta: {
    name: "cordon --",
    description:
      "close nodes to new meetings, until you open them again\n\n" +
      "Running meetings and joins go on. It acts at once, also while `pulumi up` runs, and stays so through every\n" +
      "`pulumi up` and rollout until `npm run uncordon`; `npm run status` says since when and why. The last node that is\n" +
      "open is not closed: nobody could start a meeting any more.\n\n" +
      "Exit status: 0 they are closed, 1 one is not.",
  },
  args: {
    nodes: nodesArg,
    reason: { type: "string", required: true, valueHint: "TEXT", description: "why: `npm run status` shows it" },
    ...sshArgs,
  },
  run: ({ args }) => cordon(args._, args.reason, args["ssh-config"]),
});

async function cordon(names: readonly string[], given: string, sshConfig: string | undefined): Promise<number> {
  const reason = plainText(given, 200);
  if (reason === "") throw new UsageError("--reason must say why, so that others know whether they may open it");
  const cluster = readCluster(await readStackOutputs());
  const chosen = namedNodes(cluster, names);
  return withReach(cluster, sshConfig, async (reach) => {
    const others = cluster.nodes.filter((node) => !node.standalone || chosen.includes(node));
    const asked = await withProgress(`asking ${others.length} nodes`, occupancies(reach, others));
    refuseLast(cluster.nodes, chosen, asked);
    const lines = await Promise.all(chosen.map(({ name }) => close(reach, name, reason, asked.get(name))));
    for (const { text } of lines) process.stdout.write(`${text}\n`);
    return lines.every(({ done }) => done) ? 0 : 1;
  });
}

/** What the nodes that answer say. */
async function occupancies(reach: Reach, nodes: readonly ClusterNode[]): Promise<Map<string, Occupancy>> {
  const asked = nodes.map(async ({ name }) => {
    const answer = await occupancyOn(reach, name).catch(() => null);
    return answer === null ? [] : [[name, answer] as const];
  });
  return new Map((await Promise.all(asked)).flat());
}

function refuseLast(nodes: readonly ClusterNode[], chosen: readonly ClusterNode[], asked: Map<string, Occupancy>) {
  const takesMeetings = (node: ClusterNode) => {
    const answer = asked.get(node.name);
    return !node.standalone && answer !== undefined && isOpen(answer);
  };
  const open = nodes.filter(takesMeetings);
  if (open.length === 0 || open.some((node) => !chosen.includes(node))) return;
  const silent = nodes.filter((node) => !node.standalone && !asked.has(node.name)).map(({ name }) => name);
  const unasked = silent.length > 0 ? ` (${silent.join(", ")} cannot be asked)` : "";
  throw new Error(
    `no other node would be open to new meetings than ${open.map(({ name }) => name).join(", ")}${unasked}; nothing was ` +
      "closed: open another one first, with npm run uncordon",
  );
}

async function close(reach: Reach, name: string, reason: string, before: Occupancy | undefined) {
  try {
    const cordons = await cordonOn(reach, name, "hand", reason);
    if (cordons.hand === undefined) throw new Error("its answer names no cordon by hand");
    const running = before === undefined || before.empty ? "" : `; what runs goes on: ${before.obstacle}`;
    return { done: true, text: `${name}: closed to new meetings${running}` };
  } catch (error) {
    return { done: false, text: `${name}: cannot be asked: ${(error as Error).message}` };
  }
}
