import { defineCommand } from "citty";

import { ask } from "./ask";
import { abandon } from "./leave/abandon";
import { drain } from "./leave/drain";
import { removeWhenEmpty } from "./leave/remove";
import { type Stack, selectedStack } from "./leave/stack";
import { nodesArg } from "./named-nodes";
import { onStop } from "./on-stop";
import { drainMinutes, pollMilliseconds } from "./rollout";
import { sshArgs, withReach } from "./ssh";
import { Progress } from "./terminal";
import { minute, systemClock } from "./walk/clock";
import { wholeNumber } from "./whole-number";

/** `leave`: nodes leave the cluster, each when it is empty. */
export const command = defineCommand({
  meta: {
    name: "leave --",
    description:
      "remove nodes from the cluster, each when it is empty\n\n" +
      "Sets their `state` in nodeSettings to draining, runs `pulumi up`, waits until one is empty, sets it to absent and\n" +
      "runs `pulumi up` again, which carries out whatever else the configuration holds. No lock is held while it waits.\n" +
      "After Ctrl-C or a kill the nodes take no new meetings, and the same command goes on.\n\n" +
      "Exit status: 0 they are gone, 3 the time is up or you did not agree, 1 it could not be done.",
  },
  args: {
    nodes: nodesArg,
    "drain-timeout": {
      type: "string",
      valueHint: "MIN",
      description: "for how long it waits (default: drainTimeoutMinutes of the configuration)",
    },
    abandon: { type: "boolean", description: "they are dead: remove them without asking them; asks you first" },
    yes: { type: "boolean", description: "do not ask" },
    ...sshArgs,
  },
  async run({ args }) {
    const given = wholeNumber("drain-timeout", args["drain-timeout"], 1);
    const names = [...new Set(args._)];
    const progress = new Progress();
    const sshConfig = args["ssh-config"];
    const stop = new Stop(progress);
    const stack = stop.watched(selectedStack);
    try {
      if (args.abandon) {
        const agreed = async (question: string) => args.yes || /^y(es)?$/i.test((await ask(question)) ?? "");
        return await abandon(stack, names, progress, { sshConfig, agreed });
      }
      return await leave(stack, names, progress, { sshConfig, minutes: given ?? (await drainMinutes()) });
    } finally {
      progress.end();
      stop.forget();
    }
  },
});

async function leave(
  stack: Stack,
  names: readonly string[],
  progress: Progress,
  { sshConfig, minutes }: { sshConfig: string | undefined; minutes: number },
): Promise<number> {
  const { cluster, there } = await drain(stack, names, progress);
  if (there.length === 0) return 0;
  const left = await withReach(cluster, sshConfig, (reach) => {
    const times = { patience: minutes * minute, poll: pollMilliseconds(there.length) };
    return removeWhenEmpty({ stack, reach, clock: systemClock, progress, ...times }, there);
  });
  progress.end();
  if (left.length === 0) return 0;
  progress.say(`${left.join(", ")} not empty after ${minutes} minutes, and still draining: the same command goes on`);
  return 3;
}

/** Ctrl-C: a running `pulumi up` hears it, too, and is waited for. */
class Stop {
  private isUp = false;
  private status: number | undefined;

  /** Nobody is to be stopped any more. */
  readonly forget: () => void;

  constructor(private readonly progress: Progress) {
    this.forget = onStop((status) => this.stop(status));
  }

  watched(stack: Stack): Stack {
    const up = async () => {
      this.isUp = true;
      const isWell = await stack.up();
      this.isUp = false;
      if (this.status !== undefined) this.end(this.status);
      return isWell;
    };
    return { ...stack, up };
  }

  private stop(status: number): void {
    this.status = status;
    if (!this.isUp) this.end(status);
  }

  private end(status: number): never {
    this.progress.end();
    process.stderr.write(
      "stopped; nodes that are draining stay so, and the same command goes on. If they shall stay: set their state to " +
        "present in nodeSettings, then pulumi up\n",
    );
    process.exit(status);
  }
}
