import { Agent } from "node:https";
import { setTimeout } from "node:timers/promises";

import { ask } from "../../test/front-door/rig/ask";
import type { FrontDoor } from "../../test/front-door/rig/front-door";
import { hash } from "../front-door/client";

/** How many come, one every so often. */
export const PEOPLE = 80;
const EVERY_MILLISECONDS = 100;
const PATIENCE_MILLISECONDS = 5_000;

/** How it went for those who came. */
export interface Joins {
  /** Of a hundred. */
  failed: number;
  /** In milliseconds, of those who got in. */
  p95: number;
}

/** People who join, each by a connection of its own, while whatever is going on goes on. */
export async function join(door: FrontDoor): Promise<Joins> {
  const coming: Promise<number | undefined>[] = [];
  for (let person = 0; person < PEOPLE; person += 1) {
    coming.push(one(door).catch(() => undefined));
    await setTimeout(EVERY_MILLISECONDS);
  }
  const took = (await Promise.all(coming)).filter((milliseconds) => milliseconds !== undefined).sort((a, b) => a - b);
  const failed = (100 * (PEOPLE - took.length)) / PEOPLE;
  return { failed, p95: took[Math.ceil(took.length * 0.95) - 1] ?? Number.NaN };
}

/** What a browser asks the front door for when somebody joins, in the order in which it can. */
async function one(door: FrontDoor): Promise<number> {
  const { name } = door.node;
  const client = `/${name}/html5client/`;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const began = performance.now();
  try {
    for (const path of [
      `${client}?sessionToken=abc`,
      `${client}a.${hash}.js`,
      `/${name}/bigbluebutton/api`,
      `${client}locales/en.json`,
    ]) {
      const { status } = await ask(door, path, { agent, milliseconds: PATIENCE_MILLISECONDS });
      if (status !== 200) throw new Error(`${path}: ${status}`);
    }
    return performance.now() - began;
  } finally {
    agent.destroy();
  }
}
