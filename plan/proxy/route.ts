import type { MachineSpec } from "../machines";
import type { RouteRequest } from "../member-requests";
import { hasStaticClient } from "../releases";
import { renderRequest } from "../requests";

/** What nginx is told of a node. */
export interface RouteNames {
  node: string;
  nodeHostname: string;
  /** Private address. */
  nodeAddress: string;
}

/** The lines of nginx's configuration for one node: where it is, and what is asked of it. */
export interface RouteFiles {
  upstream: string[];
  locations: string[];
}

/** What `add-route` is asked for: the way from a proxy to one node. */
export function routeRequest(proxyHostname: string, node: MachineSpec, release: string, repair: string): RouteRequest {
  return {
    node: node.name,
    nodeHostname: node.hostname,
    nodeAddress: node.privateAddress,
    proxyHostname,
    // Meteor's client asks the proxy for nothing of the API.
    client: hasStaticClient(release) ? "static" : "meteor",
    repair,
  };
}

/** What the proxy's nginx reads of a route. */
export function routeFiles(
  client: RouteRequest["client"],
  { node, nodeHostname, nodeAddress }: RouteNames,
): RouteFiles {
  const names = { node, nodeHostname };
  return {
    upstream: block(`upstream ${nodeHostname}`, [`server ${nodeAddress}:443;`, "keepalive 16;"]),
    locations:
      client === "static"
        ? [...clientLocations(names, ['set $args "";']), ...apiLocations(names)]
        : // What Meteor makes has nothing to be compared by, and is for one visitor.
          [...clientLocations(names, ["proxy_no_cache $bbb_not_comparable;"]), ...meteorLocations(names)],
  };
}

/** The same for any node, as it comes with the host programs, which put the names in. */
export function renderRouteFiles(): string {
  const names = { node: "{node}", nodeHostname: "{nodeHostname}", nodeAddress: "{nodeAddress}" };
  return `${renderRequest({ static: routeFiles("static", names), meteor: routeFiles("meteor", names) })}\n`;
}

type Names = Omit<RouteNames, "nodeAddress">;

/** The client of one node, spelled out: from no pattern can a host be chosen. */
function clientLocations({ node, nodeHostname }: Names, more: string[] = []): string[] {
  const path = `/${node}/html5client`;
  return [
    ...block(`location = ${path}`, [`return 301 ${path}/$is_args$args;`]),
    ...block(`location ${path}/`, [
      `proxy_set_header Host ${nodeHostname};`,
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
function apiLocations({ node, nodeHostname }: Names): string[] {
  const exact = (path: string, refused: string, ...more: string[]) =>
    block(`location = /${node}/bigbluebutton/${path}`, [
      `if (${refused}) { return 405; }`,
      `proxy_set_header Host ${nodeHostname};`,
      "include /etc/nginx/bbb-cluster/api.conf;",
      'set $args "";',
      ...more,
      `proxy_pass http://bbb_nodes/bigbluebutton/${path};`,
    ]);
  const noBody = ["proxy_pass_request_body off;", 'proxy_set_header Content-Length "";'];
  return [...exact("api", "$bbb_writes", ...noBody), ...exact("api/feedback", "$request_method != POST")];
}

function meteorLocations({ node, nodeHostname }: Names): string[] {
  const client = `/${node}/html5client`;
  const part = (path: string, modifier = "") =>
    block(`location ${modifier}${path}`, [
      `proxy_set_header Host ${nodeHostname};`,
      "include /etc/nginx/bbb-cluster/meteor.conf;",
      // With its path, which is passed on as it has been read here.
      `proxy_pass http://bbb_nodes${path};`,
    ]);
  return [...part(`${client}/sockjs/`), ...part(`${client}/__meteor__/dynamic-import/fetch`, "= ")];
}

function block(head: string, lines: string[]): string[] {
  return [`${head} {`, ...lines.map((line) => `    ${line}`), "}"];
}
