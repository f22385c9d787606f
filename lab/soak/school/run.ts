import { once, setMaxListeners } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

import type { BbbApi } from "../../../checks/bbb-api";
import { Random } from "../random";
import { Frontend, type Lesson } from "./frontend";
import { Ledger } from "./ledger";
import { attend } from "./person";

/** What the school is told on its standard input, as one line of JSON; it goes on until that input ends. */
export interface School {
  seed: string;
  ledger: string;
  tenants: Record<string, BbbApi>;
}

const roomsOfTenant = 4;
const people = [1, 3] as const;
const lessonSeconds = [10, 40] as const;
const breakSeconds = [1, 10] as const;
const thoughtMilliseconds = 1000;
/** Of three lessons one is recorded. */
const recorded = 3;

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** A school: rooms in which lesson follows lesson, each for some time and with some people, some recorded. */
async function main(): Promise<void> {
  const input = createInterface({ input: process.stdin });
  const [line] = (await once(input, "line")) as [string];
  const { seed, ledger, tenants } = JSON.parse(line) as School;
  const over = new AbortController();
  // Everybody hears it.
  setMaxListeners(0, over.signal);
  input.on("close", () => over.abort());
  const rooms = Object.entries(tenants).flatMap(([tenant, api]) =>
    Array.from({ length: roomsOfTenant }, (_, index) =>
      useRoom(`room-${index + 1}`, tenant, new Frontend(api), { seed, ledger: new Ledger(ledger) }, over.signal),
    ),
  );
  await Promise.all(rooms);
}

async function useRoom(
  id: string,
  tenant: string,
  frontend: Frontend,
  { seed, ledger }: { seed: string; ledger: Ledger },
  closing: AbortSignal,
): Promise<void> {
  const random = new Random(`${id} of ${tenant} ${seed}`);
  // As BBBLB names it to nodes: two tenants may have rooms of the same id.
  const room = `${id}-bbblb-${tenant}`;
  for (let number = 1; !closing.aborted; number += 1) {
    await pause(random.between(...breakSeconds), closing);
    if (closing.aborted) return;
    const lesson = { id, record: random.between(1, recorded) === 1 };
    const end = endAfter(random.between(...lessonSeconds), closing);
    const everybody = Array.from({ length: random.between(...people) }, async (_, index) => {
      await pause(index * 2, end);
      const attendance = { frontend, lesson, room, ledger, random, thoughtMilliseconds, say };
      await attend(`${tenant}-${id}-${number}-${index + 1}`, attendance, end);
    });
    await Promise.all(everybody);
    await endLesson(frontend, lesson, room, ledger);
  }
}

/** Fires when the time is up, or the school closes; by hand, for combined signals are collected as garbage before their time. */
function endAfter(seconds: number, closing: AbortSignal): AbortSignal {
  const end = new AbortController();
  setMaxListeners(0, end.signal);
  const over = () => end.abort();
  const timer = setTimeout(over, seconds * 1000);
  closing.addEventListener("abort", over);
  end.signal.addEventListener("abort", () => {
    clearTimeout(timer);
    closing.removeEventListener("abort", over);
  });
  if (closing.aborted) over();
  return end.signal;
}

/** Until the balancer says that it is over, however long that takes. */
async function endLesson(frontend: Frontend, lesson: Lesson, room: string, ledger: Ledger): Promise<void> {
  ledger.note({ what: "end", room });
  while (!(await frontend.end(lesson))) await delay(1000);
}

async function pause(seconds: number, over: AbortSignal): Promise<void> {
  await delay(seconds * 1000, undefined, { signal: over }).catch(() => undefined);
}

main().catch((error: Error) => {
  say(error.message);
  process.exitCode = 1;
});
