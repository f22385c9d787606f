import { setTimeout as delay } from "node:timers/promises";

import { pageAssets } from "../../../checks/html-assets";
import { request, text } from "../../../checks/request";
import { enterStatic, type Feed } from "../../../checks/session/enter";
import { Page } from "../../../checks/session/page";
import type { Random } from "../random";
import type { Frontend, Lesson } from "./frontend";
import type { Ledger } from "./ledger";

const tryMilliseconds = 30_000;
const fetchMilliseconds = 25_000;
/** How long somebody looks at a page before it is loaded again, in seconds. */
const shortest = 3;
const longest = 9;

/** What somebody needs for a lesson. */
export interface Attendance {
  frontend: Frontend;
  lesson: Lesson;
  /** The meeting's id on nodes. */
  room: string;
  ledger: Ledger;
  random: Random;
  /** How long one thinks before trying again. */
  thoughtMilliseconds: number;
  say: (line: string) => void;
}

/** Somebody joins, with one retry, and loads the page again and again until the lesson is over. */
export async function attend(person: string, attendance: Attendance, over: AbortSignal): Promise<void> {
  for (let visit = 1; !over.aborted; visit += 1) {
    const name = `${person}-${visit}`;
    const page = await enter(name, attendance);
    if (page === undefined) return;
    // Who lost the meeting, as by a restart, comes again as somebody else.
    await stay(name, page, attendance, over);
    await pause(1, over);
  }
}

async function stay(name: string, page: Page, attendance: Attendance, over: AbortSignal): Promise<void> {
  let feed = await look(page);
  while (feed !== undefined) {
    await pause(attendance.random.between(shortest, longest), over);
    feed.close();
    if (over.aborted) return;
    await load(name, page.url, attendance).catch((error: Error) => attendance.say(said(name, error)));
    feed = await look(page);
  }
}

async function enter(name: string, attendance: Attendance): Promise<Page | undefined> {
  const { frontend, lesson, room, ledger, say } = attendance;
  for (const attempt of [1, 2]) {
    if (attempt === 2) await delay(attendance.thoughtMilliseconds);
    const end = Date.now() + tryMilliseconds;
    ledger.note({ what: "join", person: name, room });
    try {
      const { page, cookies } = await within(end, frontend.join(lesson, name));
      await within(end, load(name, page, attendance));
      return new Page(page, cookies);
    } catch (error) {
      say(said(`${name} in ${room}, try ${attempt}`, error as Error));
    }
  }
  return undefined;
}

/** Loads the page and all that it needs, as a browser does; throws when the page itself does not come. */
async function load(person: string, url: string, { ledger, say }: Attendance): Promise<void> {
  const fetched = async (address: string) => {
    const at = Date.now();
    const answer = await request(address, { milliseconds: fetchMilliseconds }).finally(() =>
      ledger.note({ what: "fetch", at, until: Date.now(), person, path: new URL(address).pathname }),
    );
    if (answer.status !== 200) throw new Error(`${new URL(address).pathname} answered ${answer.status}`);
    return text(answer);
  };
  const html = await fetched(url);
  const assets = await Promise.allSettled(pageAssets(html, url).map(fetched));
  for (const asset of assets) {
    if (asset.status === "rejected") say(said(person, asset.reason));
  }
}

/** Being there: the websocket that the client opens; undefined when the meeting is not there any more. */
async function look(page: Page): Promise<Feed | undefined> {
  const sessionToken = new URL(page.url).searchParams.get("sessionToken") ?? "";
  return enterStatic({ page, sessionToken })
    .then(({ feed }) => feed())
    .catch(() => undefined);
}

function said(who: string, error: Error & { code?: string }): string {
  // Where several addresses were tried in vain there is a code and no message.
  return `${new Date().toISOString()} ${who}: ${error.message || error.code}`;
}

async function pause(seconds: number, over: AbortSignal): Promise<void> {
  await delay(seconds * 1000, undefined, { signal: over }).catch(() => undefined);
}

function within<T>(end: number, promise: Promise<T>): Promise<T> {
  const late = delay(Math.max(0, end - Date.now()), undefined, { ref: false }).then(() => {
    throw new Error("it took longer than 30 s");
  });
  return Promise.race([promise, late]);
}
