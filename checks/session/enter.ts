import { Mismatch, NotChecked } from "../check";
import { text } from "../request";
import type { Page } from "./page";
import { type MeetingView, Settings } from "./settings";
import type { WebSocketClient } from "./websocket";

/** Where join led a user: the page with the browser's cookies, and the token in its address. */
export interface Joined {
  page: Page;
  sessionToken: string;
}

/** A meeting over a websocket: as it was first, and the next version that `wanted` accepts. */
export interface Feed {
  url: string;
  first: MeetingView;
  next(wanted: (meeting: MeetingView) => boolean): Promise<MeetingView>;
  close(): void;
}

/** What there is once a client knows its node. */
export interface Entered {
  settings: Settings;
  feed: () => Promise<Feed>;
}

/** Enters as the client of 3.0 and later: by the API at the proxy, the REST side of GraphQL, and its websocket. */
export async function enterStatic({ page, sessionToken }: Joined): Promise<Entered> {
  const prefix = /^(.*)\/html5client\/?$/.exec(new URL(page.url).pathname)?.[1];
  if (prefix === undefined) throw new Mismatch(`${page.url.split("?")[0]} does not end in /html5client/`);
  const headers = { "Content-Type": "application/json" };
  const index = JSON.parse(text(await page.fetch(`${page.origin}${prefix}/bigbluebutton/api`, { headers })));
  const { graphqlApiUrl, graphqlWebsocketUrl } = index.response;
  const data = await page.fetch(`${graphqlApiUrl}/meetingStaticData`, {
    headers: { "X-Session-Token": sessionToken },
    credentials: true,
  });
  const settings = new Settings(JSON.parse(text(data)).meeting_clientSettings[0].clientSettingsJson);
  return { settings, feed: () => openGraphql(page, graphqlWebsocketUrl, sessionToken) };
}

async function openGraphql(page: Joined["page"], url: string, token: string): Promise<Feed> {
  const socket = await page.websocket(url, "graphql-transport-ws");
  const say = (message: object) => socket.send(JSON.stringify(message));
  say({ type: "connection_init", payload: { headers: { "X-Session-Token": token } } });
  const answer = JSON.parse((await socket.next()).toString());
  if (answer.type !== "connection_ack") throw new Mismatch(`${url}: ${answer.type} instead of connection_ack`);
  say({ id: "1", type: "subscribe", payload: { query: "subscription { meeting }" } });
  return follow(socket, url, (message) => {
    const { type, payload } = JSON.parse(message);
    if (type === "error" && isUnknownQuery(payload)) throw new NotChecked(`${url} does not know what is asked here`);
    return type === "next" ? [payload.data.meeting as MeetingView] : [];
  });
}

// The subscription is that of the lab's simulated client: a real server's schema has other names for the same.
function isUnknownQuery(errors: unknown): boolean {
  return JSON.stringify(errors).includes("validation-failed");
}

/** Enters as Meteor's client, up to 2.7: what it needs stands in the page. */
export async function enterMeteor({ page, sessionToken }: Joined): Promise<Entered> {
  const html = text(await page.fetch(page.url));
  const config = /__meteor_runtime_config__ = JSON\.parse\(decodeURIComponent\("([^"]*)"\)\)/.exec(html)?.[1];
  if (config === undefined) throw new Mismatch(`${page.url.split("?")[0]} is not Meteor's page`);
  const { DDP_DEFAULT_CONNECTION_URL: url, PUBLIC_SETTINGS } = JSON.parse(decodeURIComponent(config));
  return { settings: new Settings({ public: PUBLIC_SETTINGS }), feed: () => openDdp(page, url, sessionToken) };
}

async function openDdp(page: Joined["page"], url: string, token: string): Promise<Feed> {
  const socket = await page.websocket(`${url}/sockjs/000/abcdefgh/websocket`);
  const say = (message: object) => socket.send(JSON.stringify([JSON.stringify(message)]));
  await socket.next();
  say({ msg: "connect", version: "1", support: ["1"] });
  await socket.next();
  say({ msg: "sub", id: "1", name: "meeting", params: [token] });
  return follow(socket, url, (frame) => {
    const messages = (JSON.parse(frame.slice(1)) as string[]).map((each) => JSON.parse(each));
    const refused = messages.find(({ msg }) => msg === "nosub");
    if (refused) throw new Mismatch(`${url}: the meeting cannot be entered: ${refused.error.reason}`);
    return messages.filter(({ collection }) => collection === "meeting").map(({ fields }) => fields as MeetingView);
  });
}

async function follow(socket: WebSocketClient, url: string, read: (text: string) => MeetingView[]): Promise<Feed> {
  const next = async (wanted: (meeting: MeetingView) => boolean) => {
    for (;;) {
      const found = read((await socket.next()).toString()).find(wanted);
      if (found) return found;
    }
  };
  return { url, first: await next(() => true), next, close: () => socket.close() };
}
