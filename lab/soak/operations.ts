import { setTimeout as delay } from "node:timers/promises";

import type { Fault } from "./evidence";
import { killed } from "./killed";
import { faultBehind, livesOf } from "./oracle/lives";
import { proxyName } from "./oracle/requests";
import { replace } from "./replacement";
import type { Kind, Operation } from "./sequence";
import { eventually, logSeconds, longSeconds, replaceServer, shown, up, type World } from "./world";

type Perform = (world: World, operation: Operation & { node: string }) => Promise<void>;

/** Does it as an administrator does, and resolves when it is done; throws when it cannot be, or takes too long. */
export async function perform(world: World, operation: Operation): Promise<void> {
  await operations[operation.kind](world, { node: "", ...operation });
}

/** The command that makes the cluster larger by a node, or smaller. */
export function resize(kind: "scale-out" | "scale-in", node: string): string {
  if (kind === "scale-in") return `npm run -s leave -- ${node} --drain-timeout 12`;
  return `pulumi config set nodes ${Number(node.slice("bbb-".length))} && ${up}`;
}

const operations: Readonly<Record<Kind, Perform>> = {
  "scale-out": ({ administrator }, { node }) => run(administrator.run(resize("scale-out", node), longSeconds)),
  "scale-in": ({ administrator }, { node }) => run(administrator.run(resize("scale-in", node), longSeconds)),
  cordon,
  replacement: (world, { node }) => replace(world, node),
  setting: async (world) => {
    const toggled =
      '[ "$(pulumi config get --path bbbWebProperties.muteOnStart 2>/dev/null)" = true ] && echo false || echo true';
    await world.administrator.run(`pulumi config set --path bbbWebProperties.muteOnStart $(${toggled})`);
    await rollOut(world);
  },
  release: async (world) => {
    await world.administrator.run(`pulumi config set release ${world.newest}`);
    await rollOut(world);
  },
  reboot: ({ administrator }, { node }) =>
    run(administrator.run(`npm run -s rollout -- --only ${node} --reboot --drain-timeout 12`, longSeconds)),
  "cut-off": async ({ administrator }, { seconds = 0 }) => {
    await administrator.run("npm run -s lab -- fault unreachable bbb-lb on");
    await delay(seconds * 1000);
    await administrator.run("npm run -s lab -- fault unreachable bbb-lb off");
  },
  proxy: async ({ administrator }) => {
    const days = "$(( $(pulumi config get logDays 2>/dev/null || echo 7) + 1 ))";
    // Days alone change nothing for nginx; what renews its certificate has it read all anew.
    await administrator.run(`pulumi config set logDays ${days} && ${up} && ssh bbb systemctl reload nginx`, 300);
  },
  "new-proxy": async ({ administrator, faults }) => {
    const fault = { where: proxyName, from: Date.now() - logSeconds * 1000, to: Number.POSITIVE_INFINITY };
    faults.push(fault);
    await administrator.run(replaceServer(proxyName), longSeconds);
    fault.to = Date.now();
  },
  killed: (world, operation) => killed(world, operation, resize(operation.of ?? "scale-out", operation.node)),
  restart,
};

async function cordon({ administrator, collector }: World, { node, seconds = 0 }: Operation): Promise<void> {
  await administrator.run(`npm run -s cordon -- ${node} --reason "a fan hums"`);
  const from = Date.now();
  await delay(seconds * 1000);
  const to = Date.now();
  await administrator.run(`npm run -s uncordon -- ${node}`);
  collector.look();
  const begun = collector
    .told()
    .filter((told) => told.what === "created" && told.node === node && from <= told.at && told.at <= to);
  if (begun.length > 0) throw new Error(`a meeting began on ${node} while it was closed: ${begun[0]?.line}`);
}

/** As if it had crashed: that ends its meetings, and is no fault of the cluster's. */
async function restart(world: World, { node }: Operation & { node: string }): Promise<void> {
  const { administrator, domain, faults } = world;
  const fault = { where: node, from: Date.now(), to: Number.POSITIVE_INFINITY };
  faults.push(fault);
  await administrator.run(`ssh ${node} systemctl restart bbb-web`);
  const answers = `curl -fs -m 5 -o /dev/null https://${node}.${domain}/bigbluebutton/api`;
  await eventually(`${node}'s API answers`, 60, async () =>
    (await administrator.attempt(answers, 20)).status === 0 ? undefined : "it does not",
  );
  fault.to = Date.now();
  await beginRecordings(world, fault);
}

/** BigBlueButton never begins with a recording whose meeting was cut off, until somebody does as docs/nodes.md says. */
async function beginRecordings({ administrator, collector, say }: World, fault: Fault): Promise<void> {
  collector.look();
  const cut = livesOf(collector.told()).filter((life) => life.recorded && faultBehind(life, [fault]));
  for (const { meeting } of cut) {
    const flag = `/var/bigbluebutton/recording/status/recorded/${meeting}.done`;
    await administrator.run(`ssh ${fault.where} runuser -u bigbluebutton -- touch ${flag}`);
  }
  if (cut.length > 0) say(`  begun by hand: ${cut.length} recordings of meetings that were cut off`);
}

async function rollOut(world: World): Promise<void> {
  const { administrator } = world;
  await administrator.run(up, 600);
  await administrator.run("npm run -s rollout -- --drain-timeout 12", longSeconds);
  await eventually("no change waits", 30, async () => {
    // Recordings may be in work: people go on.
    const waiting = (await shown(world)).filter(({ pending }) => /change|unknown/.test(pending));
    return waiting.length === 0 ? undefined : JSON.stringify(waiting);
  });
}

async function run(command: Promise<unknown>): Promise<void> {
  await command;
}
