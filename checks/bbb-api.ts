import { createHash } from "node:crypto";

import { NotChecked } from "./check";
import { request, text } from "./request";

/** Where a BBB API is (`https://…/bigbluebutton/api`) and its secret, null if that is not known. */
export interface BbbApi {
  api: string;
  secret: string | null;
}

/** A meeting that a node has. */
export interface Meeting {
  id: string;
  name: string;
  users: number;
}

/** What the ids of verification's own meetings begin with. */
export const verifyPrefix = "verify-";

/** BBB's checksum of a call: SHA-256, in hex, of call name, query string as sent, and secret. */
export function checksum(call: string, query: string, secret: string): string {
  return createHash("sha256").update(`${call}${query}${secret}`).digest("hex");
}

/** The URL of a BBB API call with its checksum; throws `NotChecked` where the secret is not known. */
export function callUrl({ api, secret }: BbbApi, call: string, parameters: Record<string, string> = {}): string {
  if (secret === null)
    throw new NotChecked("the stack does not know the API's secret: its last pulumi up failed there");
  const query = new URLSearchParams(parameters).toString();
  return `${api}/${call}?${query}${query ? "&" : ""}checksum=${checksum(call, query, secret)}`;
}

/** Calls the BBB API and returns the XML of a SUCCESS; throws with the API's own message otherwise. */
export async function call(node: BbbApi, name: string, parameters: Record<string, string> = {}): Promise<string> {
  const answer = await request(callUrl(node, name, parameters));
  const xml = text(answer);
  if (answer.status !== 200 || element(xml, "returncode") !== "SUCCESS") {
    throw new Error(
      `${name} answered ${answer.status} ${element(xml, "messageKey") ?? element(xml, "message") ?? ""}`.trim(),
    );
  }
  return xml;
}

/** Not nobody where the count is no number: an empty meeting might not count. */
function peopleIn(meeting: string): number {
  const count = Number(element(meeting, "participantCount") ?? 0);
  return Number.isInteger(count) ? count : Math.max(1, meeting.split("<attendee>").length - 1);
}

/** The meetings that a node has, but breakout rooms and those of verification. */
export async function listMeetings(node: BbbApi): Promise<Meeting[]> {
  const xml = await call(node, "getMeetings");
  const all = xml.match(/<meeting>[\s\S]*?<\/meeting>/g) ?? [];
  return all
    .filter((meeting) => element(meeting, "isBreakout") !== "true")
    .map((meeting) => ({
      id: element(meeting, "meetingID") ?? "",
      name: element(meeting, "meetingName") ?? "",
      users: peopleIn(meeting),
    }))
    .filter(({ id }) => !id.startsWith(verifyPrefix));
}

/** The text of the first element of that name in flat XML such as BBB's, entities and CDATA undone. */
export function element(xml: string, name: string): string | undefined {
  const inner = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1]?.trim();
  const cdata = inner && /^<!\[CDATA\[([\s\S]*)\]\]>$/.exec(inner)?.[1];
  return (
    cdata ?? inner?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&")
  );
}
