import { setTimeout as delay } from "node:timers/promises";

import { absentPart, activate, type Execute, type RecordedFile, writeFile } from "./machine";
import type { Row } from "./rows";

const againMilliseconds = 3000;

/** A row of the table: which checks noticed that a line was missing. */
export interface Outcome {
  path: string;
  line: string;
  noticedBy: string[];
  /** A part of BigBlueButton that the line is for and that this node does not have. */
  absent?: string | undefined;
}

/** A file of a node, its text and its managed lines. */
export interface Work {
  file: RecordedFile;
  text: string;
  rows: Row[];
}

/** How a node is worked on: programs run there, its checks are run, and a file that is being changed is remembered. */
export interface Node {
  execute: Execute;
  /** The names of the checks that fail. */
  check(): Promise<string[]>;
  /** Remembers a file's text until it has been put back, in case this process is killed. */
  remember(work: { path: string; text: string; restart: string[] } | null): void;
}

/** Takes away each line of a file in turn and tells what noticed; afterwards the file is as it was, and in force, whatever happens. */
export async function tryRows(node: Node, { file, text, rows }: Work, stopped: () => boolean): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  node.remember({ path: file.path, text, restart: file.restart });
  try {
    for (const { line, without } of rows) {
      if (stopped()) break;
      await writeFile(node.execute, file.path, without);
      // What nginx does not accept cannot be missing by itself.
      if (!(await activate(node.execute, file.restart))) continue;
      outcomes.push({ path: file.path, line, ...(await noticed(node, file.path, line)) });
    }
  } finally {
    await restore(node, { path: file.path, text, restart: file.restart });
  }
  return outcomes;
}

/** Asked once more where nothing fails: on a busy machine nginx still answers as before its reload. */
async function noticed(node: Node, path: string, line: string): Promise<Pick<Outcome, "noticedBy" | "absent">> {
  const noticedBy = await node.check();
  const absent = noticedBy.length === 0 ? await absentPart(node.execute, path, line) : undefined;
  if (noticedBy.length > 0 || absent) return { noticedBy, absent };
  await delay(againMilliseconds);
  return { noticedBy: await node.check() };
}

/** Puts a file back as it was and in force. */
export async function restore(node: Node, file: { path: string; text: string; restart: string[] }): Promise<void> {
  await writeFile(node.execute, file.path, file.text);
  await activate(node.execute, file.restart);
  node.remember(null);
}

/** Deals work out to so many nodes, so that each has about as many lines; a file stays with one node unless it is large. */
export function deal<T>(items: readonly { weight: number; item: T }[], count: number): T[][] {
  const hands = Array.from({ length: count }, () => ({ weight: 0, items: [] as T[] }));
  for (const { weight, item } of [...items].sort((a, b) => b.weight - a.weight)) {
    const lightest = hands.reduce((least, hand) => (hand.weight < least.weight ? hand : least));
    lightest.weight += weight;
    lightest.items.push(item);
  }
  return hands.map(({ items }) => items);
}
