import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";

import { Flood, held, remembered, rememberedVisits } from "../../test/front-door/rig/flood";
import { ADDRESS, writeFiles } from "../../test/front-door/rig/nginx";
import { clientOf } from "../front-door/client";
import { median, type Row } from "../table";
import { Doors, nginxMegabytes } from "./doors";
import { type Joins, join } from "./people";

/** Longer than people come; each flood is stopped when they have. */
const SECONDS = 60;
const SYNS = 600_000;
const BODIES = 2_000;
const REQUESTS_PER_SECOND = 300;
/** What docs/front-door.md says of a connection, at the very most. */
const KILOBYTES_PER_CONNECTION = 90;

/** How it is during a flood, with ours or theirs. */
interface During extends Joins {
  idle: Joins;
  held: number;
  remembered: number;
  megabytes: number;
}

type Stop = () => Promise<unknown>;
type Begin = (hostname: string) => Promise<Stop>;

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Inside the rig: prints the rows as JSON. */
async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 5);
  const doors = new Doors();
  const { door, connections, granted } = doors;
  const handler = clientOf(door.node.name);
  door.node.handler = (request, response) => {
    if (request.url?.startsWith("/bigbluebutton/api")) response.writeHead(200).end("{}");
    else handler(request, response);
  };
  writeFiles([["/etc/hosts", [`${ADDRESS} ${door.hostname}`]]]);
  await door.start();
  const many = Math.floor(connections * 0.8);
  say(
    `a worker of nginx has got ${granted} files; all of them take ${connections} connections, of which ${many} are 80 %`,
  );
  const floods: [string, Begin][] = [
    [`${many} connections that say nothing (80 % of what is granted)`, begin("idle", many)],
    [`${many} requests that never end their header`, begin("header", many)],
    [`${BODIES} requests that never end their body, with TLS`, begin("body", BODIES)],
    ["20000 SYNs a second from everywhere", begin("syn", SYNS)],
    [`${REQUESTS_PER_SECOND} requests a second for what is not cached`, requests],
  ];
  const measured = floods.map(() => ({ ours: [] as During[], theirs: [] as During[] }));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [index, [what, flood]] of floods.entries()) {
      await doors.ours();
      const ours = await during(doors, flood, () => rememberedVisits().length);
      await doors.theirs();
      const theirs = await during(doors, flood, remembered);
      measured[index]?.ours.push(ours);
      measured[index]?.theirs.push(theirs);
      say(`${what}, ${round} of ${rounds}: ${show(ours)} against ${show(theirs)}`);
    }
  }
  await door.stop();
  console.log(
    JSON.stringify(
      rowsOf(
        floods.map(([what]) => what),
        measured,
        connections,
      ),
    ),
  );
}

function rowsOf(floods: string[], measured: { ours: During[]; theirs: During[] }[], connections: number): Row[] {
  const all = (side: "ours" | "theirs", value: (during: During) => number) =>
    measured.flatMap((m) => m[side].map(value));
  const rows = floods.flatMap((what, index): Row[] => {
    const { ours = [], theirs = [] } = measured[index] ?? {};
    const of = (side: During[], value: (during: During) => number) => median(side.map(value));
    const failed = [ours, theirs].map((side) => `${round(of(side, (one) => one.failed))} %`);
    const slower = (side: During[]) => of(side, ({ p95, idle }) => p95 / idle.p95);
    const milliseconds = [of(ours, ({ p95 }) => p95), of(theirs, ({ p95 }) => p95)].map((p95) =>
      Number.isNaN(p95) ? "nobody" : `${round(p95)} ms`,
    );
    return [
      {
        what: `${what}: joins that fail`,
        measured: failed.join(" / "),
        value: of(ours, (o) => o.failed),
        atMost: 1,
        unit: " %",
      },
      { what: "the others' p95 / without a flood", measured: milliseconds.join(" / "), value: slower(ours), atMost: 2 },
    ];
  });
  const [visits, filled] = [all("ours", (one) => one.remembered), all("theirs", (one) => one.remembered)].map(
    (values) => Math.max(...values),
  );
  const [mine, others] = [all("ours", (o) => o.megabytes), all("theirs", (o) => o.megabytes)].map((v) =>
    Math.max(...v),
  );
  const memory = { measured: `${round(mine)} MB / ${round(others)} MB`, value: mine ?? Number.NaN, unit: " MB" };
  return [
    ...rows,
    {
      what: "visitors' connections that the kernel remembers, at most",
      measured: `${visits} / ${filled}`,
      value: visits ?? Number.NaN,
      atMost: 0,
    },
    { what: "nginx's memory, at most", ...memory, atMost: (connections * KILOBYTES_PER_CONNECTION) / 1024 },
  ];
}

/** People before a flood and in it. */
async function during({ door }: Doors, flood: Begin, count: () => number): Promise<During> {
  // Into the cache, and the queue of what was before is gone.
  await join(door);
  const idle = await join(door);
  const stop = await flood(door.hostname);
  const joins = await join(door);
  const holds = held().reduce((sum, each) => sum + each, 0);
  const found = { ...joins, idle, held: holds, remembered: count(), megabytes: nginxMegabytes() };
  await stop();
  await setTimeout(500);
  return found;
}

function begin(kind: "idle" | "header" | "body" | "syn", count: number): Begin {
  return async (hostname) => {
    const flood = await Flood.begin(kind, hostname, count, SECONDS);
    // Until a table of Debian's size is full.
    if (kind === "syn") await setTimeout(14_000);
    return () => flood.stop();
  };
}

/** Requests that each reach the node: what it does not have is not kept. */
async function requests(hostname: string): Promise<Stop> {
  const clients = 50;
  const pace = [`-c${clients}`, "-t1", `--rps=${REQUESTS_PER_SECOND / clients}`, `-D${SECONDS}`];
  const words = ["-n", "5", "h2load", ...pace, `https://${hostname}/bbb-01/html5client/none.json`];
  const process = spawn("nice", words, { stdio: "ignore" });
  const ended = once(process, "exit");
  await setTimeout(1_000);
  return () => {
    process.kill("SIGKILL");
    return ended;
  };
}

function show({ failed, p95, idle, held, remembered, megabytes }: During): string {
  const slower = `${round(p95)} ms after ${round(idle.p95)} ms`;
  return `${round(failed)} % failed, ${slower}, ${held} connections, ${remembered} remembered, ${round(megabytes)} MB`;
}

function round(value = Number.NaN): number {
  return Number(value.toPrecision(3));
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.stack);
    process.exit(1);
  },
);
