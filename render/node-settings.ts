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

/** One key of a merged file, and the releases that read it (default: all). */
export interface Setting {
  key: string;
  value: (names: NodeNames) => string;
  since?: string;
  before?: string;
}

/** /etc/bigbluebutton/bbb-web.properties: read by bbb-web, also for what the API index tells the client. */
const bbbWeb: readonly Setting[] = [
  // The trailing slash is needed: the client finds its path prefix by ^(.*)/html5client/$ (bigbluebutton#21132).
  { key: "defaultHTML5ClientUrl", value: ({ proxyHostname, node }) => `https://${proxyHostname}/${node}/html5client/` },
  { key: "presentationBaseURL", value: ({ nodeHostname }) => `https://${nodeHostname}/bigbluebutton/presentation` },
  { key: "accessControlAllowOrigin", value: ({ proxyHostname }) => `https://${proxyHostname}` },
  { key: "graphqlWebsocketUrl", value: ({ nodeHostname }) => `wss://${nodeHostname}/graphql` },
  { key: "graphqlApiUrl", value: ({ nodeHostname }) => `https://${nodeHostname}/api/rest` },
];

/** /etc/bigbluebutton/bbb-html5.yml: read by akka apps at boot and handed to every client. */
const bbbHtml5: readonly Setting[] = [
  { key: "public.app.basename", value: ({ node }) => `/${node}/html5client` },
  { key: "public.app.bbbWebBase", value: ({ nodeHostname }) => `https://${nodeHostname}/bigbluebutton` },
  // Not /learning-dashboard, which 3.0 no longer serves (bigbluebutton#21523).
  {
    key: "public.app.learningDashboardBase",
    value: ({ nodeHostname }) => `https://${nodeHostname}/learning-analytics-dashboard`,
  },
  // All nodes share the front door's origin, so a user's settings can follow from node to node.
  { key: "public.app.userSettingsStorage", value: () => "local" },
  {
    key: "public.media.stunTurnServersFetchAddress",
    value: ({ nodeHostname }) => `https://${nodeHostname}/bigbluebutton/api/stuns`,
  },
  { key: "public.media.sip_ws_host", value: ({ nodeHostname }) => nodeHostname, before: "3.0.37" },
  { key: "public.media.livekit.url", value: ({ nodeHostname }) => `wss://${nodeHostname}/livekit` },
  { key: "public.kurento.wsUrl", value: ({ nodeHostname }) => `wss://${nodeHostname}/bbb-webrtc-sfu` },
  {
    key: "public.presentation.uploadEndpoint",
    value: ({ nodeHostname }) => `https://${nodeHostname}/bigbluebutton/presentation/upload`,
  },
  { key: "public.pads.url", value: ({ nodeHostname }) => `https://${nodeHostname}/pad` },
  { key: "public.sharedNotes.serverHostname", value: ({ nodeHostname }) => nodeHostname, since: "3.0.25" },
];

/** /etc/bigbluebutton/bbb-graphql-middleware.yml: whose websockets are accepted; a host name, no scheme. */
const graphqlMiddleware: readonly Setting[] = [
  { key: "server.authorized_cross_origin", value: ({ proxyHostname }) => proxyHostname },
];

/** The settings of the three merged files. */
export const settings = { bbbWeb, bbbHtml5, graphqlMiddleware };

/** The keys and values that a node needs whose release lies in the span. */
export function settingsFor(table: readonly Setting[], names: NodeNames, span: ReleaseSpan): Record<string, string> {
  return Object.fromEntries(
    table.filter((setting) => applies(setting, span)).map(({ key, value }) => [key, value(names)]),
  );
}

/** Whether something that holds `since` (default: always) and `before` (default: still) holds in a span. */
export function applies({ since = "0.0.0", before }: { since?: string; before?: string }, span: ReleaseSpan): boolean {
  return inSpan(span.from, { from: since, before: before ?? null });
}
