import { ask, askJson } from "./request";
import { Settings } from "./settings";

/** Where the API says that a meeting's server is. */
export interface Server {
  graphqlWebsocketUrl: string;
  graphqlApiUrl: string;
}

/** What stands before /html5client/ in the address bar, host included; the port is lost, as in BigBlueButton's own client. */
export function addressPrefix({ protocol, hostname, pathname }: Pick<Location, "protocol" | "hostname" | "pathname">) {
  const [, prefix] = /^(.*)\/html5client\/?$/.exec(pathname) ?? [];
  if (prefix === undefined) throw new Error(`${pathname} does not end in /html5client/`);
  return `${protocol}//${hostname}${prefix}`;
}

/** Asks the API below the prefix where the meeting's server is. */
export async function findServer(prefix: string): Promise<Server> {
  const headers = { "Content-Type": "application/json" };
  const { response } = await askJson<{ response: Server }>(`${prefix}/bigbluebutton/api`, { headers });
  return response;
}

/** The client's settings, from the REST side of GraphQL. */
export async function fetchSettings({ graphqlApiUrl }: Server, sessionToken: string): Promise<Settings> {
  const answer = await askJson<{ meeting_clientSettings: { clientSettingsJson: unknown }[] }>(
    `${graphqlApiUrl}/meetingStaticData`,
    { headers: { "X-Session-Token": sessionToken }, credentials: "include" },
  );
  return new Settings(answer.meeting_clientSettings[0]?.clientSettingsJson);
}

/** Sends what a user thinks of the meeting that is over; resolves to what to tell. */
export async function sendFeedback(prefix: string, rating: number): Promise<string> {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ rating, comment: "" });
  await (await ask(`${prefix}/bigbluebutton/api/feedback`, { method: "POST", headers, body })).text();
  return `Sent by way of ${prefix}/`;
}
