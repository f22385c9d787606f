import { privateNetwork } from "../addresses";
import { type ReleaseRange, staticClientSince } from "../releases";
import type { MergedFile, SettingValue } from "../requests";

/** The names that a node's settings are made of. */
export interface NodeNames {
  /** bbb-01: the node's name and its path on the proxy. */
  node: string;
  /** bbb-01.example.com */
  nodeHostname: string;
  /** bbb.example.com */
  proxyHostname: string;
}

/** A file of BigBlueButton's in which the cluster sets single keys. */
export type ManagedFile =
  | "bbb-web.properties"
  | "bbb-html5.yml"
  | "bbb-graphql-middleware.yml"
  | "bbb-graphql-server.env"
  | "etherpad.json"
  | "livekit.yaml";

/** One setting that the cluster needs, for the releases in its range. */
export interface Setting extends ReleaseRange {
  file: ManagedFile;
  key: string;
  value: (names: NodeNames) => SettingValue;
  why?: string;
  /** An administrator may set it otherwise. */
  overridable?: true;
}

/** How each file is written, and what reads it; all lie in /etc/bigbluebutton. */
export const managedFiles: Readonly<Record<ManagedFile, Pick<MergedFile, "format" | "restart" | "onlyIfKey">>> = {
  "bbb-web.properties": { format: "properties", restart: ["bbb-web"] },
  // Read at start and handed to every client.
  "bbb-html5.yml": {
    format: "yaml",
    restart: [
      { unit: "bbb-html5", before: staticClientSince },
      { unit: "bbb-apps-akka", since: staticClientSince },
    ],
  },
  "bbb-graphql-middleware.yml": { format: "yaml", restart: ["bbb-graphql-middleware"] },
  // Read after the package's own /etc/default/bbb-graphql-server, which therefore stays untouched.
  "bbb-graphql-server.env": { format: "env", restart: ["bbb-graphql-server"] },
  "etherpad.json": { format: "json", restart: ["etherpad"] },
  // LiveKit's package makes its keys only where there is no such file, and cannot be installed where one has none.
  "livekit.yaml": { format: "yaml", onlyIfKey: "keys", restart: ["livekit-server"] },
};

const web = "bbb-web.properties";
const html5 = "bbb-html5.yml";

/** Every single key that a node behind the proxy needs. */
export const managedSettings: readonly Setting[] = [
  {
    file: web,
    key: "defaultHTML5ClientUrl",
    value: ({ proxyHostname, node }) => `https://${proxyHostname}/${node}/html5client/join`,
    before: staticClientSince,
  },
  {
    file: web,
    key: "defaultHTML5ClientUrl",
    value: ({ proxyHostname, node }) => `https://${proxyHostname}/${node}/html5client/`,
    since: staticClientSince,
    why: "the client finds its path prefix by ^(.*)/html5client/$, so the slash is needed (bigbluebutton#21132)",
  },
  {
    file: web,
    key: "defaultGuestWaitURL",
    value: ({ nodeHostname, node }) => `https://${nodeHostname}/${node}/html5client/guestWait`,
    before: staticClientSince,
    why: "the guest lobby is served by the node itself, not by the proxy (bigbluebutton#14462)",
  },
  {
    file: web,
    key: "presentationBaseURL",
    value: ({ nodeHostname }) => `https://${nodeHostname}/bigbluebutton/presentation`,
  },
  { file: web, key: "accessControlAllowOrigin", value: ({ proxyHostname }) => `https://${proxyHostname}` },
  {
    file: web,
    key: "graphqlWebsocketUrl",
    value: ({ nodeHostname }) => `wss://${nodeHostname}/graphql`,
    since: staticClientSince,
    why: "the API's index names it to the client",
  },
  {
    file: web,
    key: "graphqlApiUrl",
    value: ({ nodeHostname }) => `https://${nodeHostname}/api/rest`,
    since: staticClientSince,
    why: "the API's index names it to the client",
  },
  { file: html5, key: "public.app.basename", value: ({ node }) => `/${node}/html5client` },
  { file: html5, key: "public.app.bbbWebBase", value: ({ nodeHostname }) => `https://${nodeHostname}/bigbluebutton` },
  {
    file: html5,
    key: "public.app.learningDashboardBase",
    value: ({ nodeHostname }) => `https://${nodeHostname}/learning-dashboard`,
    before: "2.4.2",
  },
  {
    file: html5,
    key: "public.app.learningDashboardBase",
    value: ({ nodeHostname }) => `https://${nodeHostname}/learning-analytics-dashboard`,
    since: "2.4.2",
    why: "served under another path since (bigbluebutton#14027, #14556); only the documentation was late",
  },
  {
    file: html5,
    key: "public.app.userSettingsStorage",
    value: () => "local",
    since: "2.7.0",
    overridable: true,
    why:
      "all nodes share the proxy's origin, so a user's settings can follow from node to node; before 2.6.11 an ejected " +
      "user could never join again (bigbluebutton#18297)",
  },
  {
    file: html5,
    key: "public.media.stunTurnServersFetchAddress",
    value: ({ nodeHostname }) => `https://${nodeHostname}/bigbluebutton/api/stuns`,
  },
  {
    file: html5,
    key: "public.media.sip_ws_host",
    value: ({ nodeHostname }) => nodeHostname,
    before: "3.0.37",
    why: "SIP.js is gone from 3.0.37 (bigbluebutton#25237)",
  },
  {
    file: html5,
    key: "public.media.livekit.url",
    value: ({ nodeHostname }) => `wss://${nodeHostname}/livekit`,
    since: staticClientSince,
  },
  { file: html5, key: "public.kurento.wsUrl", value: ({ nodeHostname }) => `wss://${nodeHostname}/bbb-webrtc-sfu` },
  {
    file: html5,
    key: "public.presentation.uploadEndpoint",
    value: ({ nodeHostname }) => `https://${nodeHostname}/bigbluebutton/presentation/upload`,
  },
  { file: html5, key: "public.note.url", value: ({ nodeHostname }) => `https://${nodeHostname}/pad`, before: "2.5.0" },
  {
    file: html5,
    key: "public.pads.url",
    value: ({ nodeHostname }) => `https://${nodeHostname}/pad`,
    since: "2.5.0",
    before: "4.1.0",
    why: "renamed in 2.5 (bigbluebutton#15022), Etherpad is gone from 4.1 (bigbluebutton#25533)",
  },
  {
    file: html5,
    key: "public.sharedNotes.serverHostname",
    value: ({ nodeHostname }) => nodeHostname,
    since: "3.0.25",
    why: "BlockNote would look for the proxy",
  },
  {
    file: "bbb-graphql-middleware.yml",
    key: "server.authorized_cross_origin",
    value: ({ proxyHostname }) => proxyHostname,
    since: staticClientSince,
    why: "whose websockets are accepted; a host name, no scheme",
  },
  {
    file: "bbb-graphql-server.env",
    key: "HASURA_GRAPHQL_CORS_DOMAIN",
    value: ({ proxyHostname }) => `https://${proxyHostname}`,
    since: staticClientSince,
  },
  {
    file: "etherpad.json",
    key: "cluster_proxies",
    value: ({ proxyHostname }) => [`https://${proxyHostname}`],
    since: "2.5.0",
    before: "4.1.0",
  },
  {
    file: "livekit.yaml",
    key: "rtc.ips.excludes",
    value: () => [privateNetwork.ipRange],
    since: "3.0.28",
    why:
      "the private network is a second card, which nobody outside reaches, and cards have other names on other images; " +
      "a 3.0 node may be switched to LiveKit",
  },
];

/** The keys of a file that the cluster needs as they are: an administrator's overrides may not touch them. */
export function protectedKeys(file: ManagedFile): string[] {
  return managedSettings.filter((setting) => setting.file === file && !setting.overridable).map(({ key }) => key);
}
