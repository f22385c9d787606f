import { defineCommand } from "citty";

import { readCluster } from "../checks/cluster";
import { UsageError } from "./command-line";
import { namedNodes, namesIn } from "./named-nodes";
import { onStop } from "./on-stop";
import { configValue, readStackOutputs } from "./pulumi";
import { sshArgs, withReach } from "./ssh";
import { Progress } from "./terminal";
import { alone } from "./walk/alone";
import { minute } from "./walk/clock";
import type { Outcome } from "./walk/outcome";
import { sshWorld } from "./walk/ssh-world";
import { walk } from "./walk/walk";
import { wholeNumber } from "./whole-number";

/** `rollout`: what waits on the nodes comes to each of them when it is empty, one after the other. */
export const command = defineCommand({
  meta: {
    name: "rollout --",
    description:
      "bring pending changes, due updates and reboots to every node, without ending a meeting\n\n" +
      "From node to node, the emptiest first: closed to new meetings, waited for until it is empty, changed, checked and\n" +
      "opened again. A busy node makes room for others and comes later. So many nodes stay open that the people who are\n" +
      "there fill them by 70 % at most, and always one. What is closed by hand is left alone. It stops at a failed check,\n" +
      "with that node closed. It can be ended at any moment: what it knows is on the nodes, and the same command goes on.\n\n" +
      "Exit status: 0 all done, 3 the time is up or a node was left out, 1 a check failed.",
  },
  args: {
    width: {
      type: "string",
      valueHint: "N",
      description: "how many nodes may be out of service at a time (default: 1)",
    },
    "drain-timeout": {
      type: "string",
      valueHint: "MIN",
      description:
        "for how long it goes on without a node being done (default: drainTimeoutMinutes of the configuration)",
    },
    "answer-timeout": {
      type: "string",
      valueHint: "MIN",
      description:
        "for how long the others wait for a node that does not answer, for it may be rebooting (default: 10)",
    },
    only: { type: "string", valueHint: "NAMES", description: "these nodes, with commas" },
    reboot: { type: "boolean", description: "reboot every node, too, that has not been for a day" },
    ...sshArgs,
  },
  run: ({ args }) => rollout(args, args["ssh-config"]),
});

interface RolloutArgs {
  width?: string | undefined;
  "drain-timeout"?: string | undefined;
  "answer-timeout"?: string | undefined;
  only?: string | undefined;
  reboot?: boolean | undefined;
}

/** A busy node is waited for so long before others have their turn. */
const sliceMinutes = 10;
const usualDrainMinutes = 60;
const mostDrainMinutes = 1440;

async function rollout(args: RolloutArgs, sshConfig: string | undefined): Promise<number> {
  const width = wholeNumber("width", args.width, 1) ?? 1;
  const given = wholeNumber("drain-timeout", args["drain-timeout"], 1);
  const silence = wholeNumber("answer-timeout", args["answer-timeout"], 0) ?? 10;
  const cluster = readCluster(await readStackOutputs());
  const only = args.only === undefined ? undefined : namedNodes(cluster, namesOf(args.only));
  const patience = given ?? (await drainMinutes());
  const progress = new Progress();
  const forget = goOnLater(progress);
  try {
    return await withReach(cluster, sshConfig, async (reach) => {
      const going = () =>
        walk(sshWorld(reach, { reboot: args.reboot ?? false, progress }), {
          ...{ width, slice: sliceMinutes * minute, patience: patience * minute, silence: silence * minute },
          ...{ poll: pollMilliseconds(cluster.nodes.length), only: only?.map(({ name }) => name) },
        });
      const proxy = cluster.proxies[0]?.name ?? "";
      const outcome = await alone(reach.command, proxy, (line) => progress.say(line), going);
      progress.end();
      process.stdout.write(`${describeOutcome(outcome).join("\n")}\n`);
      return statusOf(outcome);
    });
  } finally {
    forget();
  }
}

/** An empty variable in a script names nobody, and would be a rollout that had nothing to do. */
function namesOf(only: string): string[] {
  const named = namesIn(only);
  if (named.length > 0) return named;
  throw new UsageError(`--only must name nodes, with commas, such as bbb-01,bbb-02, got ${JSON.stringify(only)}`);
}

/** For how long the configuration lets a change wait, in minutes. */
export async function drainMinutes(): Promise<number> {
  const said = await configValue("bbb-cluster:drainTimeoutMinutes");
  const minutes = Number(said ?? usualDrainMinutes);
  // Nobody has looked at it before the next `pulumi up`, and with what is no number the time is never up.
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= mostDrainMinutes) return minutes;
  const remedy = "pulumi config set drainTimeoutMinutes 120";
  throw new Error(`drainTimeoutMinutes must be 1 to ${mostDrainMinutes}, got ${JSON.stringify(said)}; run: ${remedy}`);
}

/** More nodes are asked less often: each question is a connection. */
export function pollMilliseconds(nodes: number): number {
  return Math.max(3000, 500 * nodes);
}

/** On Ctrl-C everything stays as it is. */
function goOnLater(progress: Progress): () => void {
  return onStop((status) => {
    progress.end();
    process.stderr.write(
      "stopped; every node stays as it is: the same command goes on, npm run status says which are closed by a rollout, " +
        "npm run uncordon -- NODE --rollout opens one as it is\n",
    );
    process.exit(status);
  });
}

/** What became of the nodes, and how to go on. */
export function describeOutcome({ done, failed, skipped, lost, left }: Outcome): string[] {
  const lines = [
    ...failed.map(({ node, reason }) => `${node} failed, and stays closed: ${reason}`),
    ...skipped.map(({ node, by }) => `${node} was left out: it is closed by ${by.join(" and ")}`),
    ...lost.map((node) => `${node} was left out: it cannot be asked`),
    ...left.map(({ node, reason }) => `${node} was not changed: ${reason}`),
  ];
  const summary =
    done.length > 0 ? `done: ${done.join(", ")}` : lines.length > 0 ? "nothing was done" : "nothing is to be done";
  const goOn = failed.length > 0 ? ["repair it; then npm run rollout goes on, with that node first"] : [];
  return [
    ...lines,
    ...goOn,
    ...(failed.length === 0 && lost.length + left.length > 0 ? ["npm run rollout goes on"] : []),
    summary,
  ];
}

function statusOf({ failed, skipped, lost, left }: Outcome): number {
  if (failed.length > 0) return 1;
  // Whoever is on the way out by the configuration needs no change any more.
  const byHand = skipped.filter(({ by }) => by.includes("hand"));
  return byHand.length + lost.length + left.length > 0 ? 3 : 0;
}
