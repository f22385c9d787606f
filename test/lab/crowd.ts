import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

import { type BbbApi, call, listMeetings } from "../../checks/bbb-api";

/** What became of a crowd's meetings: each failure is one that somebody has noticed. */
export interface Crowd {
  meetings: number;
  joins: number;
  failures: string[];
}

interface Room {
  id: string;
  node: BbbApi;
  until: number;
}

const rooms = 8;
const shortest = 10_000;
const longest = 25_000;

/**
 * People who meet, come and come again, as a frontend without a load balancer would have it: a meeting begins on the open
 * node with the fewest, and whoever joins has it created again first. Goes on until the file STOP is there; reads from
 * standard input what `loadBalancerServers` says, and prints a `Crowd`.
 */
async function main([stop = ""]: string[]): Promise<void> {
  const { servers } = JSON.parse(await text(process.stdin)) as {
    servers: Record<string, { url: string; secret: string }>;
  };
  const nodes = Object.values(servers).map(({ url, secret }): BbbApi => ({ api: url, secret }));
  const found: Crowd = { meetings: 0, joins: 0, failures: [] };
  const open: Room[] = [];
  while (!existsSync(stop)) {
    while (open.length < rooms) {
      const room = await begin(nodes, open, `room-${found.meetings}`);
      if (room === undefined) found.failures.push("no node took a new meeting");
      else open.push(room);
      found.meetings += 1;
    }
    await Promise.all(
      open.map((room) =>
        noted(found, () => join(room)).then((joined) => {
          found.joins += joined ? 1 : 0;
        }),
      ),
    );
    for (const room of open.filter(({ until }) => until < Date.now())) {
      await noted(found, () => end(room));
      open.splice(open.indexOf(room), 1);
    }
    await delay(500);
  }
  await Promise.all(open.map((room) => noted(found, () => end(room))));
  process.stdout.write(`${JSON.stringify(found)}\n`);
}

async function begin(nodes: readonly BbbApi[], open: readonly Room[], id: string): Promise<Room | undefined> {
  const load = (node: BbbApi) => open.filter((room) => room.node === node).length;
  for (const node of [...nodes].sort((one, other) => load(one) - load(other))) {
    try {
      await call(node, "create", { meetingID: id, name: id });
      return { id, node, until: Date.now() + shortest + Math.random() * (longest - shortest) };
    } catch {
      // Closed, or at work: the next one.
    }
  }
  return undefined;
}

async function join({ node, id }: Room): Promise<void> {
  await call(node, "create", { meetingID: id, name: id });
  await call(node, "join", { meetingID: id, fullName: "Ada", role: "MODERATOR", redirect: "false" });
}

async function end({ node, id }: Room): Promise<void> {
  const there = await listMeetings(node);
  if (!there.some((meeting) => meeting.id === id)) throw new Error(`${id} was ended by somebody else`);
  await call(node, "end", { meetingID: id });
}

async function noted({ failures }: Crowd, deed: () => Promise<void>): Promise<boolean> {
  try {
    await deed();
    return true;
  } catch (error) {
    failures.push((error as Error).message);
    return false;
  }
}

void main(process.argv.slice(2));
