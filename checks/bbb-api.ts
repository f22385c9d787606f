import { createHash } from "node:crypto";

import { request, text } from "./request";

/** Where a BBB API is (`https://…/bigbluebutton/api`) and its secret. */
export interface BbbApi {
  api: string;
  secret: string;
}

/** BBB's checksum of a call: SHA-256, in hex, of call name, query string as sent, and secret. */
export function checksum(call: string, query: string, secret: string): string {
  return createHash("sha256").update(`${call}${query}${secret}`).digest("hex");
}

/** The URL of a BBB API call with its checksum. */
export function callUrl({ api, secret }: BbbApi, call: string, parameters: Record<string, string> = {}): string {
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

/** How many meetings a node has, breakout rooms not counted. */
export async function countMeetings(node: BbbApi): Promise<number> {
  const xml = await call(node, "getMeetings");
  const meetings = xml.match(/<meeting>[\s\S]*?<\/meeting>/g) ?? [];
  return meetings.filter((meeting) => element(meeting, "isBreakout") !== "true").length;
}

/** The text of the first element of that name in flat XML such as BBB's, entities and CDATA undone. */
export function element(xml: string, name: string): string | undefined {
  const inner = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1]?.trim();
  const cdata = inner && /^<!\[CDATA\[([\s\S]*)\]\]>$/.exec(inner)?.[1];
  return (
    cdata ?? inner?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&")
  );
}
