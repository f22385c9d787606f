import type { MachineSpec } from "../machines";
import { hasStaticClient } from "../releases";
import type { RouteRequest } from "../requests";

/** What `add-route` is asked for: the way from a proxy to one node. */
export function routeRequest(proxy: MachineSpec, node: MachineSpec, release: string, repair: string): RouteRequest {
  // Meteor's client asks the proxy for nothing of the API.
  const asksForApi = hasStaticClient(release);
  return {
    node: node.name,
    nodeHostname: node.hostname,
    nodeAddress: node.privateAddress,
    proxyHostname: proxy.hostname,
    graphqlWebsocketUrl: asksForApi ? `wss://${node.hostname}/graphql` : null,
    repair,
    locations: locations(node, asksForApi),
  };
}

/** The locations of one node, spelled out: from no pattern can a host be chosen. */
function locations({ name, hostname, privateAddress }: MachineSpec, asksForApi: boolean): string[] {
  const upstream = [`    proxy_ssl_name ${hostname};`, `    proxy_set_header Host ${hostname};`];
  const exact = (path: string, method: string) => [
    `location = /${name}/bigbluebutton/${path} {`,
    `    limit_except ${method} { deny all; }`,
    `    proxy_pass https://${privateAddress}/bigbluebutton/${path};`,
    ...upstream,
    "}",
  ];
  return [
    `location = /${name}/html5client {`,
    `    return 301 /${name}/html5client/$is_args$args;`,
    "}",
    `location /${name}/html5client/ {`,
    `    proxy_pass https://${privateAddress}/${name}/html5client/;`,
    ...upstream,
    // Meteor falls back to the page's own address for its websocket; the static client never upgrades.
    ...(asksForApi ? [] : upgrade),
    "    proxy_set_header Accept-Encoding $bbb_client_encoding;",
    "    proxy_cache bbb_client;",
    "    proxy_cache_bypass $bbb_client_unhashed;",
    "    proxy_no_cache $bbb_client_unhashed;",
    "    proxy_hide_header Cache-Control;",
    "    add_header Cache-Control $bbb_client_cache_control;",
    "    add_header X-Cache-Status $upstream_cache_status;",
    "    add_header Strict-Transport-Security max-age=31536000;",
    "}",
    ...(asksForApi ? [...exact("api", "GET"), ...exact("api/feedback", "POST")] : []),
  ];
}

const upgrade = ["    proxy_set_header Upgrade $http_upgrade;", "    proxy_set_header Connection Upgrade;"];
