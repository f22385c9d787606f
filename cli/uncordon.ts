import { defineCommand } from "citty";

import { readCluster } from "../checks/cluster";
import { describeCordon, type Occupancy } from "../checks/occupancy";
import { namedNodes, nodesArg } from "./named-nodes";
import { readStackOutputs } from "./pulumi";
import { sshArgs, withReach } from "./ssh";
import { withProgress } from "./terminal";
import { cordonsIn, type Reach, uncordonOn } from "./walk/cordon-on";

/** `uncordon`: an administrator opens nodes that he has closed. */
export const command = defineCommand({
  meta: {
    name: "uncordon --",
    description:
      "open nodes to new meetings that were closed by hand\n\n" +
      "Says who else has closed them: the configuration (`nodeSettings`), or a rollout.\n\n" +
      "Exit status: 0 what was closed by hand is open, 1 a node could not be asked.",
  },
  args: {
    nodes: nodesArg,
    rollout: { type: "boolean", description: "take away what a rollout that was stopped has closed, too" },
    ...sshArgs,
  },
  run: ({ args }) => uncordon(args._, args.rollout ?? false, args["ssh-config"]),
});

async function uncordon(names: readonly string[], rollout: boolean, sshConfig: string | undefined): Promise<number> {
  const cluster = readCluster(await readStackOutputs());
  const chosen = namedNodes(cluster, names);
  return withReach(cluster, sshConfig, async (reach) => {
    const opened = Promise.all(chosen.map(({ name }) => open(reach, name, rollout)));
    const lines = await withProgress(`asking ${chosen.length} nodes`, opened);
    for (const { text } of lines) process.stdout.write(`${text}\n`);
    return lines.every(({ done }) => done) ? 0 : 1;
  });
}

async function open(reach: Reach, name: string, rollout: boolean) {
  try {
    if (rollout) await uncordonOn(reach, name, "rollout");
    return { done: true, text: `${name}: ${describe(name, await uncordonOn(reach, name, "hand"))}` };
  } catch (error) {
    return { done: false, text: `${name}: cannot be asked: ${(error as Error).message}` };
  }
}

function describe(name: string, cordons: Occupancy["cordons"]): string {
  const others = cordonsIn(cordons).map(([holder, cordon]) => describeCordon(holder, cordon));
  if (others.length === 0) return "open to new meetings";
  const ways = {
    ...{
      hand: `once more: npm run uncordon -- ${name}`,
      configuration: `see nodeSettings.${name} in the configuration`,
    },
    balancer: `once more: npm run uncordon -- ${name}, or enable it at the load balancer`,
    disk: "it opens by itself when 15 % of its root disk are free",
    rollout: `npm run rollout goes on with it; if none shall: npm run uncordon -- ${name} --rollout`,
  };
  return [`still ${others.join("; ")}`, ...cordonsIn(cordons).map(([holder]) => ways[holder])].join("\n  ");
}
