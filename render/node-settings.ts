import { inSpan, type ReleaseSpan } from "./releases";

/** Names and addresses that a node's settings are made of. */
export interface NodeNames {
  /** bbb-01: the node's name and its path on the front door. */
  node: string;
  /** bbb-01.example.com */
  nodeHostname: string;
  /** bbb.example.com */
  proxyHostname: string;
}

/** The releases that something holds for: `since` (default: all before) up to `before` (default: all after). */
export interface Validity {
  since?: string;
  before?: string;
}

/** What a key of a merged file can be set to. */
export type SettingValue = string | number | boolean | readonly unknown[];

/** One key of a merged file. */
export interface Setting extends Validity {
  key: string;
  value: (names: NodeNames) => SettingValue;
}

/** First release with the static client, GraphQL and no Meteor. */
export const staticClient = "3.0.0";

/** /etc/bigbluebutton/bbb-web.properties: read by bbb-web, also for what the API's index tells the client. */
export const bbbWebSettings: readonly Setting[] = [
  {
    key: "defaultHTML5ClientUrl",
    value: ({ proxyHostname, node }) => `https://${proxyHostname}/${node}/html5client/join`,
    before: staticClient,
  },
  // The trailing slash is needed: the client finds its path prefix by ^(.*)/html5client/$ (bigbluebutton#21132).
  {
    key: "defaultHTML5ClientUrl",
    value: ({ proxyHostname, node }) => `https://${proxyHostname}/${node}/html5client/`,
    since: staticClient,
  },
  // The guest lobby is served by the node itself, not by the proxy.
  {
    key: "defaultGuestWaitURL",
    value: ({ nodeHostname, node }) => `https://${nodeHostname}/${node}/html5client/guestWait`,
    before: staticClient,
  },
  { key: "presentationBaseURL", value: ({ nodeHostname }) => `https://${nodeHostname}/bigbluebutton/presentation` },
  { key: "accessControlAllowOrigin", value: ({ proxyHostname }) => `https://${proxyHostname}` },
  { key: "graphqlWebsocketUrl", value: ({ nodeHostname }) => `wss://${nodeHostname}/graphql`, since: staticClient },
  { key: "graphqlApiUrl", value: ({ nodeHostname }) => `https://${nodeHostname}/api/rest`, since: staticClient },
];

/** /etc/bigbluebutton/bbb-html5.yml: read by Meteor, since 3.0 by akka apps, at start, and handed to every client. */
export const bbbHtml5Settings: readonly Setting[] = [
  { key: "public.app.basename", value: ({ node }) => `/${node}/html5client` },
  { key: "public.app.bbbWebBase", value: ({ nodeHostname }) => `https://${nodeHostname}/bigbluebutton` },
  {
    key: "public.app.learningDashboardBase",
    value: ({ nodeHostname }) => `https://${nodeHostname}/learning-dashboard`,
    before: staticClient,
  },
  // 3.0 serves it under another path (bigbluebutton#21523).
  {
    key: "public.app.learningDashboardBase",
    value: ({ nodeHostname }) => `https://${nodeHostname}/learning-analytics-dashboard`,
    since: staticClient,
  },
  // All nodes share the front door's origin, so a user's settings can follow from node to node.
  { key: "public.app.userSettingsStorage", value: () => "local" },
  {
    key: "public.media.stunTurnServersFetchAddress",
    value: ({ nodeHostname }) => `https://${nodeHostname}/bigbluebutton/api/stuns`,
  },
  { key: "public.media.sip_ws_host", value: ({ nodeHostname }) => nodeHostname, before: "3.0.37" },
  {
    key: "public.media.livekit.url",
    value: ({ nodeHostname }) => `wss://${nodeHostname}/livekit`,
    since: staticClient,
  },
  { key: "public.kurento.wsUrl", value: ({ nodeHostname }) => `wss://${nodeHostname}/bbb-webrtc-sfu` },
  {
    key: "public.presentation.uploadEndpoint",
    value: ({ nodeHostname }) => `https://${nodeHostname}/bigbluebutton/presentation/upload`,
  },
  { key: "public.note.url", value: ({ nodeHostname }) => `https://${nodeHostname}/pad`, before: "2.5.0" },
  {
    key: "public.pads.url",
    value: ({ nodeHostname }) => `https://${nodeHostname}/pad`,
    since: "2.5.0",
    before: "4.1.0",
  },
  { key: "public.sharedNotes.serverHostname", value: ({ nodeHostname }) => nodeHostname, since: "3.0.25" },
];

/** /etc/bigbluebutton/bbb-graphql-middleware.yml: whose websockets are accepted; a host name, no scheme. */
export const graphqlMiddlewareSettings: readonly Setting[] = [
  {
    key: "server.authorized_cross_origin",
    value: ({ proxyHostname }) => proxyHostname,
    since: staticClient,
  },
];

/**
 * /etc/bigbluebutton/livekit.yaml: with the private network there is a second card, which nobody outside reaches.
 * 4.0 needs LiveKit; a 3.0 node may be switched to it.
 */
export const livekitSettings: readonly Setting[] = [
  { key: "rtc.interfaces.includes", value: () => ["eth0"], since: "3.0.28" },
];

/** The keys and values that a node needs whose release lies in the span. */
export function settingsFor(
  table: readonly Setting[],
  names: NodeNames,
  span: ReleaseSpan,
): Record<string, SettingValue> {
  return Object.fromEntries(
    table.filter((setting) => isValid(setting, span)).map(({ key, value }) => [key, value(names)]),
  );
}

/** Whether something holds in a span; spans begin and end where anything in these tables does. */
export function isValid({ since = "0.0.0", before }: Validity, span: ReleaseSpan): boolean {
  return inSpan(span.from, { from: since, before: before ?? null });
}
