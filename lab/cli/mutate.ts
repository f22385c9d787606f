import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineCommand } from "citty";

import { readCluster } from "../../checks/cluster";
import { renderTable } from "../../checks/table";
import { UsageError } from "../../cli/command-line";
import { enterMachine } from "../fabric/machines";
import { Checker } from "../mutation/checker";
import { type Execute, recordedFiles } from "../mutation/machine";
import { deal, type Outcome, restore, tryRows, type Work } from "../mutation/mutate";
import { rowsOf } from "../mutation/rows";
import type { Lab } from "../paths";
import { labArgs, runningLab } from "./command";
import { installedReleases } from "./disks";
import { runInside } from "./inside";
import { readOutputs } from "./outputs";

const WIDTH = 80;

/** `mutate`: takes away every managed line of the nodes in turn; exit status 1 if no check notices one of them. */
export const command = defineCommand({
  meta: {
    name: "mutate",
    description: "take away each managed line in turn, of each release on one node; say which checks notice",
  },
  args: {
    ...labArgs,
    node: { type: "string", valueHint: "NAME", description: "only on this node" },
    only: { type: "string", valueHint: "FILE", description: "only in files whose path has this in it" },
  },
  async run({ args: options }) {
    const lab = runningLab(options);
    const outputs = await readOutputs(lab);
    const names = readCluster(outputs).nodes.map(({ name }) => name);
    if (options.node && !names.includes(options.node)) {
      throw new UsageError(`there is no node ${options.node}; there are ${names.join(", ")}`);
    }
    const releases = Object.fromEntries(installedReleases(lab));
    const chosen = options.node ? [options.node] : names;
    const nodes = chosen.map((name) => connect(lab, name, { outputs, releases }));
    try {
      return await run(nodes, options.only ?? "");
    } finally {
      for (const node of nodes) node.checker.close();
    }
  },
});

type Connected = ReturnType<typeof connect>;
/** An outcome, and on which node. */
type Tried = Outcome & { node: string };

async function run(nodes: Connected[], only: string): Promise<number> {
  const started = performance.now();
  let stopping = false;
  const stop = () => {
    stopping = true;
    process.stderr.write("stopping: the files are put back first\n");
    for (const node of nodes) node.checker.close();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  await Promise.all(nodes.map(begin));
  const hands = await Promise.all(alike(nodes).map((group) => dealOut(group, only)));
  const work = hands.flat().map(({ node, paths }) => workThrough(node, paths, () => stopping));
  const results = await Promise.allSettled(work);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
  const failure = results.find((result) => result.status === "rejected");
  if (stopping) return 130;
  if (failure) throw failure.reason;
  const outcomes = results.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
  await Promise.all(nodes.map(expectWhole));
  return report(outcomes, performance.now() - started);
}

/** Puts back what a run that was killed left, and sees that nothing fails before a line is missing. */
async function begin(node: Connected): Promise<void> {
  const left = node.left();
  if (left) await restore(node, left);
  await expectWhole(node);
}

async function expectWhole(node: Connected): Promise<void> {
  const failed = await node.check();
  if (failed.length > 0)
    throw new Error(`no line is missing on ${node.name}, and yet there fails: ${failed.join("; ")}`);
}

/** Nodes by their releases: those of another release have other lines. */
function alike(nodes: Connected[]): Connected[][] {
  const groups = new Map<string | undefined, Connected[]>();
  for (const node of nodes) groups.set(node.release, [...(groups.get(node.release) ?? []), node]);
  return [...groups.values()];
}

/** The files of nodes of one release are alike: every file is dealt to one of them, with that node's own text. */
async function dealOut(nodes: Connected[], only: string): Promise<{ node: Connected; paths: string[] }[]> {
  const files = await Promise.all(nodes.map(({ execute }) => recordedFiles(execute)));
  const chosen = (files[0] ?? []).filter(({ path }) => path.includes(only));
  const weighed = chosen.map((file) => ({ weight: Math.max(1, file.keys.length || 8), item: file.path }));
  const hands = deal(weighed, nodes.length);
  return nodes.map((node, index) => ({ node, paths: hands[index] ?? [] }));
}

async function workThrough(node: Connected, paths: string[], stopped: () => boolean): Promise<Tried[]> {
  const files = await recordedFiles(node.execute);
  const outcomes: Tried[] = [];
  for (const file of files.filter(({ path }) => paths.includes(path))) {
    if (stopped()) break;
    const text = await node.execute(["sh", "-c", 'cat "$1"; echo .', "sh", file.path]);
    const work: Work = { file, text: text.slice(0, -1), rows: rowsOf(file, text.slice(0, -1)) };
    process.stderr.write(`${node.name}: ${file.path}, ${work.rows.length} lines\n`);
    for (const outcome of await tryRows(node, work, stopped)) outcomes.push({ ...outcome, node: node.name });
  }
  return outcomes;
}

function report(outcomes: Tried[], milliseconds: number): number {
  const rows = [...outcomes]
    .sort((a, b) => a.path.localeCompare(b.path))
    .map(({ node, path, line, noticedBy, absent }) => {
      return [node, path, shorten(line), noticedBy.join("; ") || (absent ? `(no ${absent} here)` : "NOTHING")];
    });
  const unnoticed = outcomes.filter(({ noticedBy, absent }) => noticedBy.length === 0 && !absent).length;
  process.stdout.write(`${renderTable([["NODE", "FILE", "LINE", "NOTICED BY"], ...rows])}\n`);
  const seconds = (milliseconds / 1000).toFixed(0);
  process.stdout.write(`${outcomes.length} lines, ${unnoticed} that nothing notices, in ${seconds} s\n`);
  return unnoticed === 0 && outcomes.length > 0 ? 0 : 1;
}

function shorten(line: string): string {
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}

function connect(lab: Lab, name: string, request: { outputs: unknown; releases: Record<string, string> }) {
  const note = join(lab.folder, `mutation-${name}.json`);
  const execute: Execute = (argv, input = "") => runInside(lab, "operator", enterMachine(lab, name, argv), { input });
  const checker = new Checker(lab, request);
  const prefix = `${name}: `;
  return {
    name,
    release: request.releases[name],
    checker,
    execute,
    check: async () => (await checker.run(name)).map((failed) => failed.replace(prefix, "")),
    remember: (file: object | null) => {
      if (file) writeFileSync(note, JSON.stringify(file), { mode: 0o600 });
      else rmSync(note, { force: true });
    },
    left: () => (existsSync(note) ? JSON.parse(readFileSync(note, "utf8")) : null),
  };
}
