import { execFileSync } from "node:child_process";

import { ask } from "../../test/front-door/rig/ask";
import { FrontDoor } from "../../test/front-door/rig/front-door";
import { ADDRESS, writeFiles } from "../../test/front-door/rig/nginx";
import type { NodeServer } from "../../test/front-door/rig/node";
import { countReloads, healthy, runRoutes } from "../../test/front-door/rig/routes";
import { compare, median, type Rounds, type Row } from "../table";
import { clientOf, hash } from "./client";
import { documented } from "./documented";
import { cpuSeconds, crowd, loadClient } from "./load";

const LOADS = 100;
const PEOPLE = 300;
const ROUTES = 50;

/** What is measured of each route: ours, and the documentation page's on the same proxy. */
type Measure = (node: NodeServer) => Promise<number>;

/** Inside the rig: prints the rows as JSON. */
async function main(): Promise<void> {
  const rounds: Rounds = {
    rounds: Number(process.argv[2] ?? 5),
    say: (line) => void process.stderr.write(`${line}\n`),
  };
  console.log(JSON.stringify([...(await traffic(rounds)), ...(await manyRoutes(rounds))]));
}

async function traffic(rounds: Rounds): Promise<Row[]> {
  const door = new FrontDoor();
  const [ours, other] = door.nodes;
  if (!ours || !other) throw new Error("two nodes are needed");
  writeFiles([
    [`/etc/nginx/bbb-cluster/routes/${other.name}.conf`, documented(other)],
    ["/etc/nginx/bbb-cluster/routes/disk.conf", ["location /disk/ { alias /var/www/disk/; }"]],
    [`/var/www/disk/file.${hash}.js`, ["x".repeat(2_999)]],
    ["/etc/hosts", [`${ADDRESS} ${door.hostname}`]],
  ]);
  await door.start();
  const bytes = (work: (...args: Parameters<Measure>) => Promise<unknown>): Measure => {
    return async (node) => {
      node.count();
      await work(node);
      return node.traffic.bytes;
    };
  };
  const failures: number[] = [];
  const row = async (what: string, atMost: number, before: () => Promise<unknown>, measure: Measure): Promise<Row> => {
    const begin = async () => {
      for (const node of [ours, other]) node.handler = clientOf(node.name);
      await before();
      return measure(ours);
    };
    const show = (value: number) => `${Number(value.toPrecision(4))}`;
    const found = await compare(rounds, what, [begin, () => measure(other)], show);
    return { what, measured: `${show(found.one)} / ${show(found.other)}`, value: found.ratio, atMost };
  };
  const loads: Measure = bytes((node) => loadClient(door, node, LOADS));
  const rows = [
    await row(`bytes from the node for ${LOADS} loads of the client, cold`, 1 / 80, () => door.restart(), loads),
    await row("the same, warm", 1 / 1000, () => loadClient(door, ours, 1), loads),
    await row(
      `connections to the node for ${LOADS} × the page`,
      15 / LOADS,
      () => door.restart(),
      async (node) => {
        node.count();
        for (let index = 0; index < LOADS; index += 1) await ask(door, `/${node.name}/html5client/`);
        return node.traffic.connections.length;
      },
    ),
    await row(
      `bytes from the node for ${PEOPLE} people at once, cold, 3 times`,
      0.01,
      () => door.restart(),
      bytes(async (node) => {
        let failed = 0;
        for (let time = 0; time < 3; time += 1) failed += await crowd(door, node, PEOPLE);
        if (node === ours) failures.push(failed);
        return failed;
      }),
    ),
    await row(
      "processor seconds for 1000 × a file of 3 KB, from the cache / from the proxy's own disk",
      1,
      async () => {},
      async (node) => {
        node.handler = (_, response) =>
          response.writeHead(200, { "content-type": "text/plain" }).end("x".repeat(3_000));
        return cpuSeconds(door, node === ours ? `/${node.name}/html5client/file.${hash}.js` : `/disk/file.${hash}.js`);
      },
    ),
  ];
  await door.stop();
  const most = Math.max(...failures);
  return [
    ...rows,
    { what: `requests of those ${PEOPLE} people that failed`, measured: `${most}`, value: most, atMost: 0 },
  ];
}

/** What fifty routes cost: nginx's look at its files, and reloads. */
async function manyRoutes({ rounds, say }: Rounds): Promise<Row[]> {
  const door = new FrontDoor({ nodes: ROUTES, routes: false });
  for (const node of door.nodes) node.handler = healthy(node.hostname);
  await door.start();
  await runRoutes("add-route", door.plan.routes);
  const reloads = countReloads();
  const seconds = Array.from({ length: rounds }, () => {
    const started = performance.now();
    execFileSync("nginx", ["-t", "-q"], { stdio: "ignore" });
    return (performance.now() - started) / 1000;
  });
  say(`nginx -t with ${ROUTES} routes: ${seconds.map((value) => value.toFixed(3)).join(", ")} s`);
  await door.stop();
  const took = median(seconds);
  return [
    {
      what: `\`nginx -t\` with ${ROUTES} routes`,
      measured: `${took.toFixed(3)} s`,
      value: took,
      atMost: 0.2,
      unit: " s",
    },
    { what: `reloads of nginx for ${ROUTES} routes of one run`, measured: `${reloads}`, value: reloads, atMost: 15 },
  ];
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
