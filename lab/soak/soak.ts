import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { RELEASES } from "../bigbluebutton/releases";
import { script, startInside } from "../cli/inside";
import { readOutputs } from "../cli/outputs";
import { readSettings } from "../fabric/settings";
import type { Lab } from "../paths";
import { bringUp } from "../stack/bring-up";
import type { Log } from "../stack/log";
import { Administrator } from "./administrator";
import { Collector } from "./collector";
import type { Evidence, Fault } from "./evidence";
import { balancersJournal, lookAtBalancer, lookAtCloud, nodesOfStack, objectsOfState, recordingsOnNodes } from "./look";
import { perform } from "./operations";
import { judge, type Verdict } from "./oracle/oracle";
import { readLedger } from "./school/ledger";
import type { School } from "./school/run";
import { type Operation, renderOperation } from "./sequence";
import { converged, logSeconds, type World } from "./world";

/** What is done, and how often. */
export interface Plan {
  seed: string;
  operations: readonly Operation[];
  nodes: number;
  /** For all logs. */
  folder: string;
}

/** How it went. */
export interface Course {
  done: Operation[];
  failure: string | undefined;
  verdict: Verdict;
}

const schoolScript = join(__dirname, "school", "run.ts");
const [previous, newest] = RELEASES.filter(({ line }) => line === "3.0").slice(-2);
/** Before the first operation, and after the last. */
const quietSeconds = 15;

/** Brings a cluster up in a new lab, and does the operations while a school meets in it; the oracle judges. */
export async function soak(lab: Lab, { seed, operations, nodes, folder }: Plan, log: Log): Promise<Course> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const choices = { nodes: String(nodes), release: previous?.version, loadBalancer: "bbblb" } as const;
  if ((await bringUp(lab, choices, log)) !== 0) throw new Error("the cluster did not come up");
  const settings = await readSettings(lab);
  if (settings === undefined) throw new Error(`there is no lab "${lab.name}"`);
  const administrator = new Administrator(lab, settings, folder);
  const faults: Fault[] = [];
  const collector = new Collector(lab.machines);
  const { line: say } = log;
  const world: World = {
    administrator,
    collector,
    domain: settings.domain,
    newest: newest?.version ?? "",
    faults,
    say,
  };
  const school = await openSchool(lab, seed, folder);
  const course = await run(world, operations, nodes);
  await closeSchool(school);
  const until = Date.now();
  await delay(logSeconds * 1000);
  collector.end();
  const evidence = await gather(world, folder, until);
  keep(evidence, collector, folder);
  return { ...course, verdict: judge(evidence) };
}

async function run(world: World, operations: readonly Operation[], nodes: number): Promise<Omit<Course, "verdict">> {
  const done: Operation[] = [];
  const there = new Set(Array.from({ length: nodes }, (_, index) => `bbb-${String(index + 1).padStart(2, "0")}`));
  try {
    await delay(quietSeconds * 1000);
    for (const operation of operations) {
      const began = performance.now();
      done.push(operation);
      world.say(`${done.length}/${operations.length} ${renderOperation(operation)}`);
      await perform(world, operation);
      const { kind, of = kind, node = "" } = operation;
      if (of === "scale-out") there.add(node);
      if (of === "scale-in") there.delete(node);
      await converged(world, [...there]);
      world.say(`  done after ${Math.round((performance.now() - began) / 1000)} s`);
    }
    await delay(quietSeconds * 1000);
    return { done, failure: undefined };
  } catch (error) {
    return { done, failure: (error as Error).message };
  }
}

async function openSchool(lab: Lab, seed: string, folder: string): Promise<ChildProcess> {
  const { tenants } = (await readOutputs(lab)) as { tenants: Record<string, { url: string; secret: string }> };
  const apis = Object.entries(tenants).map(([name, { url, secret }]) => [name, { api: url, secret }] as const);
  const told: School = { seed, ledger: join(folder, "ledger.jsonl"), tenants: Object.fromEntries(apis) };
  writeFileSync(told.ledger, "");
  const child = startInside(lab, "user", script(schoolScript), ["pipe", "pipe", "inherit"]);
  child.stdout?.on("data", (text: Buffer) => writeFileSync(join(folder, "school.log"), text, { flag: "a" }));
  child.stdin?.write(`${JSON.stringify(told)}\n`);
  return child;
}

/** Who is there goes home, and every room is closed. */
async function closeSchool(school: ChildProcess): Promise<void> {
  const over = school.exitCode === null ? once(school, "exit", { signal: AbortSignal.timeout(180_000) }) : undefined;
  school.stdin?.end();
  await over;
  if (school.exitCode !== 0) throw new Error(`the school ended with ${school.exitCode}: see school.log`);
}

async function gather(
  { administrator, collector, domain, faults }: World,
  folder: string,
  until: number,
): Promise<Evidence> {
  const { lab } = administrator;
  const exported = await administrator.attempt("pulumi stack export", 60);
  return {
    asked: readLedger(readFileSync(join(folder, "ledger.jsonl"), "utf8")),
    told: collector.told(),
    served: collector.served(),
    faults,
    balancer: await lookAtBalancer(administrator),
    journal: await balancersJournal(administrator),
    onNodes: recordingsOnNodes(lab),
    nodes: await nodesOfStack(lab),
    cloud: await lookAtCloud(lab, domain),
    state: objectsOfState(exported.said),
    until,
  };
}

function keep(evidence: Evidence, collector: Collector, folder: string): void {
  writeFileSync(join(folder, "evidence.json"), JSON.stringify(evidence, null, 1));
  for (const [name, text] of collector.logs()) writeFileSync(join(folder, name), text);
}
