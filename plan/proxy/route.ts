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
    upstream: block(`upstream ${node.hostname}`, [`server ${node.privateAddress}:443;`, "keepalive 16;"]),
    locations: asksForApi ? [...client(node, ['set $args "";']), ...api(node)] : [...client(node), ...meteor(node)],
  };
}

/** The client of one node, spelled out: from no pattern can a host be chosen. */
function client({ name, hostname }: MachineSpec, more: string[] = []): string[] {
  const path = `/${name}/html5client`;
  return [
    ...block(`location = ${path}`, [`return 301 ${path}/$is_args$args;`]),
    ...block(`location ${path}/`, [
      `proxy_set_header Host ${hostname};`,
      "include /etc/nginx/bbb-cluster/client.conf;",
      ...more,
      `proxy_pass http://bbb_nodes${path}/;`,
      // Only what needs no escape: the path is passed on as it has been read here. `$` would let a line break through.
      ...block(`location ~ "^(?<bbb_file>${path}/[A-Za-z0-9_./-]*[./-][0-9a-f]{16,}\\.[a-z0-9.]+)\\z"`, [
        "include /etc/nginx/bbb-cluster/hashed.conf;",
        "proxy_pass http://bbb_nodes$bbb_file;",
      ]),
    ]),
  ];
}

/** The API's index and the client's feedback, and nothing else of it. */
function api({ name, hostname }: MachineSpec): string[] {
  const exact = (path: string, refused: string, ...more: string[]) =>
    block(`location = /${name}/bigbluebutton/${path}`, [
      `if (${refused}) { return 405; }`,
      `proxy_set_header Host ${hostname};`,
      "include /etc/nginx/bbb-cluster/api.conf;",
      'set $args "";',
      ...more,
      `proxy_pass http://bbb_nodes/bigbluebutton/${path};`,
    ]);
  const noBody = ["proxy_pass_request_body off;", 'proxy_set_header Content-Length "";'];
  return [...exact("api", "$bbb_writes", ...noBody), ...exact("api/feedback", "$request_method != POST")];
}

function meteor({ name, hostname }: MachineSpec): string[] {
  const client = `/${name}/html5client`;
  const part = (path: string, modifier = "") =>
    block(`location ${modifier}${path}`, [
      `proxy_set_header Host ${hostname};`,
      "include /etc/nginx/bbb-cluster/meteor.conf;",
      // With its path, which is passed on as it has been read here.
      `proxy_pass http://bbb_nodes${path};`,
    ]);
  return [...part(`${client}/sockjs/`), ...part(`${client}/__meteor__/dynamic-import/fetch`, "= ")];
}

function block(head: string, lines: string[]): string[] {
  return [`${head} {`, ...lines.map((line) => `    ${line}`), "}"];
}
