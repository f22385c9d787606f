import { randomBytes } from "node:crypto";
import { type Context, Hono } from "hono";

import { element } from "../../checks/bbb-api";
import { BbbError, noServers, notFound, reply, unsupportedContentType } from "./bbb-error";
import { nodeUrl, verifyChecksum } from "./checksum";
import type { Database, Meeting, Server } from "./database";
import type { Nodes } from "./nodes";
import { meetingsIn } from "./poller";

/**
 * Which Scalelite is emulated. Up to 1.5 `create` looks for a free server before it looks whether the meeting runs
 * (scalelite#620), which is the harder one to live with.
 */
export type Release = "1.5" | "1.8";

interface Parts {
  database: Database;
  nodes: Nodes;
  secret: string;
  release: Release;
}

type Parameters = URLSearchParams & { xml?: string };

/** BigBlueButton's API as Scalelite has it (bigbluebutton_api_controller.rb). Tags, and the import of recordings, are left out. */
export function meetingsApi(parts: Parts): Hono {
  const app = new Hono();
  const calls = { create, end, getMeetings, getMeetingInfo: passedOn, getRecordings, isMeetingRunning: isRunning };
  app.all("/", (c) => xml(c, reply("<returncode>SUCCESS</returncode><version>2.0</version>")));
  for (const [action, answer] of Object.entries(calls)) {
    app.on(["GET", "POST"], `/${action}`, async (c) => {
      const parameters = await checked(c, action, parts.secret);
      return xml(c, await answer(parts, parameters, action));
    });
  }
  app.get("/join", async (c) => c.redirect(join(parts, await checked(c, "join", parts.secret))));
  return app;
}

/** Parameters of query and form, the query's last; the checksum covers the query alone. */
async function checked(c: Context, action: string, secret: string): Promise<Parameters> {
  const query = new URL(c.req.url).search.slice(1);
  verifyChecksum(action, query, secret);
  const text = c.req.method === "POST" ? await c.req.text() : "";
  const type = (c.req.header("Content-Type") ?? "").split(";")[0];
  const isXml = action === "create" && /^(application|text)\/xml$/.test(type ?? "");
  if (text !== "" && !isXml && type !== "application/x-www-form-urlencoded") throw unsupportedContentType();
  const parameters: Parameters = new URLSearchParams(isXml ? "" : text);
  for (const [name, value] of new URLSearchParams(query)) parameters.set(name, value);
  parameters.delete("checksum");
  return isXml ? Object.assign(parameters, { xml: text }) : parameters;
}

async function create(parts: Parts, parameters: Parameters): Promise<string> {
  const { database, nodes, release } = parts;
  const id = idIn(parameters);
  const given = parameters.get("moderatorPW") || randomBytes(4).toString("hex");
  const runsOn = release === "1.5" ? undefined : await whereItRuns(parts, id);
  const free = runsOn ?? database.leastLoaded();
  if (free === undefined) throw noServers();
  const meeting = database.findOrAddMeeting(id, free, given);
  const server = serverOf(database, meeting);
  if (runsOn === undefined) {
    database.addLoad(server);
    parameters.set("moderatorPW", release === "1.5" ? given : meeting.moderatorPassword);
  }
  parameters.set("voiceBridge", meeting.voiceBridge);
  database.save();
  return asked(nodes.call(server, "create", parameters, parameters.xml ?? ""), "Unable to create meeting on server.");
}

/** The server of a meeting; one that is cordoned and has nobody in the meeting loses it (since 1.8.4). */
async function whereItRuns({ database, nodes }: Parts, id: string): Promise<Server | undefined> {
  const meeting = database.meeting(id);
  const server = meeting && database.server(meeting.serverId);
  if (meeting === undefined || server?.state !== "cordoned") return server;
  const answer = await nodes.call(server, "isMeetingRunning", { meetingID: id }).catch(() => "");
  if (element(answer, "running") === "true") return server;
  database.removeMeeting(meeting);
  return undefined;
}

/** Not of a server that is disabled; where it fails, the class of the error is missing, and Rails says 500. */
function join({ database, release }: Parts, parameters: Parameters): string {
  const meeting = meetingIn(database, parameters);
  const server = serverOf(database, meeting);
  if (!server.online || server.state === "disabled") throw new Error("uninitialized constant ServerDisabledError");
  if (release !== "1.5") database.addLoad(server);
  return nodeUrl(server, "join", parameters);
}

async function end({ database, nodes }: Parts, parameters: Parameters): Promise<string> {
  const meeting = meetingIn(database, parameters);
  const server = serverOf(database, meeting);
  const given = { meetingID: meeting.id, password: parameters.get("password") ?? "" };
  database.removeMeeting(meeting);
  database.save();
  return asked(nodes.call(server, "end", given));
}

/** Of servers that are online and not disabled. */
async function getMeetings({ database, nodes }: Parts): Promise<string> {
  const open = database.servers().filter(({ online, state }) => online && state !== "disabled");
  const each = await Promise.all(
    open.map((server) => asked(nodes.call(server, "getMeetings"), "Unable to access server.")),
  );
  const meetings = each.flatMap(meetingsIn);
  const none = "<messageKey>noMeetings</messageKey><message>no meetings were found on this server</message>";
  const inner = meetings.length > 0 ? `<meetings>${meetings.join("")}</meetings>` : `${none}<meetings/>`;
  return reply(`<returncode>SUCCESS</returncode>${inner}`);
}

/** Nothing is ever imported from the spool. */
async function getRecordings(): Promise<string> {
  const none = "<messageKey>noRecordings</messageKey><message>There are no recordings for the meeting(s).</message>";
  return reply(`<returncode>SUCCESS</returncode>${none}<recordings/>`);
}

async function isRunning(parts: Parts, parameters: Parameters, action: string): Promise<string> {
  const isKnown = parts.database.meeting(idIn(parameters)) !== undefined;
  return isKnown
    ? passedOn(parts, parameters, action)
    : reply("<returncode>SUCCESS</returncode><running>false</running>");
}

async function passedOn({ database, nodes }: Parts, parameters: Parameters, action: string): Promise<string> {
  const meeting = meetingIn(database, parameters);
  return asked(nodes.call(serverOf(database, meeting), action, { meetingID: meeting.id }));
}

/** What a node says; that it says nothing is not told more exactly. */
async function asked(answer: Promise<string>, trouble = "Unable to access meeting on server."): Promise<string> {
  return answer.catch((error) => {
    throw error instanceof BbbError ? error : new BbbError("internalError", trouble);
  });
}

function idIn(parameters: Parameters): string {
  const id = parameters.get("meetingID");
  if (!id) throw new BbbError("missingParamMeetingID", "You must specify a meeting ID for the meeting.");
  return id;
}

function meetingIn(database: Database, parameters: Parameters): Meeting {
  const meeting = database.meeting(idIn(parameters));
  if (meeting === undefined) throw notFound();
  return meeting;
}

/** A meeting whose server was deleted can neither be joined nor created again (scalelite#792, #887). */
function serverOf(database: Database, { serverId }: Meeting): Server {
  const server = database.server(serverId);
  if (server === undefined) throw new BbbError("internalError", `Couldn't find Server with id=${serverId}`);
  return server;
}

function xml(c: Context, text: string): Response {
  return c.body(text, 200, { "Content-Type": "application/xml; charset=utf-8" });
}
