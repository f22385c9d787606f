import { element } from "../../checks/bbb-api";
import { BbbError } from "./bbb-error";
import type { Database, Server } from "./database";
import type { Nodes } from "./nodes";

/** Scalelite's LOAD_MIN_USER_COUNT and LOAD_JOIN_BUFFER_TIME: so many count in a meeting that is younger. */
const leastUsers = 15;
const youngMs = 15 * 60_000;
/** SERVER_UNHEALTHY_THRESHOLD. */
const mostFailures = 2;

/** Asks every server once, and for every meeting whether it has ended (lib/tasks/poll.rake, poll:all). */
export async function poll(database: Database, nodes: Nodes, now: () => number = Date.now): Promise<void> {
  await Promise.all([
    ...database.servers().map((server) => pollServer(database, nodes, server, now())),
    ...database.meetings().map(async (meeting) => {
      const server = database.server(meeting.serverId);
      // One whose server is gone stays for ever (scalelite#792).
      if (server === undefined) return;
      const ended = await nodes.patiently(server, "getMeetingInfo", { meetingID: meeting.id }).then(
        () => false,
        (error) => error instanceof BbbError && error.key === "notFound",
      );
      if (ended) database.removeMeeting(meeting);
    }),
  ]);
  database.save();
}

async function pollServer(database: Database, nodes: Nodes, server: Server, now: number): Promise<void> {
  try {
    const xml = await nodes.patiently(server, "getMeetings");
    server.unhealthy = 0;
    server.online = true;
    const load = loadOf(xml, now) * server.loadMultiplier;
    if (server.state === "cordoned" && load === 0) database.setState(server, "disabled");
    else if (server.state !== "disabled") server.load = load;
  } catch {
    server.healthy = 0;
    if (!server.online) return;
    server.unhealthy += 1;
    if (server.unhealthy < mostFailures) return;
    await panic(database, nodes, server);
  }
}

/** The state stays: when it answers again, an enabled server gets meetings again. */
async function panic(database: Database, nodes: Nodes, server: Server): Promise<void> {
  for (const meeting of database.meetings().filter(({ serverId }) => serverId === server.id)) {
    database.removeMeeting(meeting);
    await nodes.patiently(server, "end", endOf(meeting)).catch(() => undefined);
  }
  Object.assign(server, { unhealthy: 0, load: null, online: false });
}

/** How a meeting is ended. */
export function endOf(meeting: { id: string; moderatorPassword: string }): Record<string, string> {
  return { meetingID: meeting.id, password: meeting.moderatorPassword };
}

/** People in meetings; breakout rooms are left out. */
function loadOf(xml: string, now: number): number {
  const loads = meetingsIn(xml).map((meeting) => {
    if (element(meeting, "isBreakout") === "true") return 0;
    const people = Number(element(meeting, "participantCount")) + Number(element(meeting, "moderatorCount"));
    return now - Number(element(meeting, "createTime")) < youngMs ? Math.max(people, leastUsers) : people;
  });
  return loads.reduce((sum, load) => sum + load, 0);
}

/** The meetings in an answer to getMeetings, as XML. */
export function meetingsIn(xml: string): string[] {
  return xml.match(/<meeting>[\s\S]*?<\/meeting>/g) ?? [];
}
