import { isValid, type NodeNames, staticClient } from "./node-settings";
import type { ReleaseSpan } from "./releases";

/**
 * The client under the node's own path, equal to the path on the proxy, in a file that package upgrades leave alone.
 * Locations end in a slash on both sides: without it, `html5client../` would leave the folder.
 */
export function renderNodeNginx(names: NodeNames, span: ReleaseSpan): string[] {
  const { node, proxyHostname } = names;
  const path = `/${node}/html5client`;
  return [
    ...(isValid({ since: "3.0.28" }, span) ? [`set $bbb_cors_origin 'https://${proxyHostname}';`] : []),
    // Set without a condition by the package's own file, so this one has to come after it.
    ...(isValid({ before: staticClient }, span) ? [`set $bbb_loadbalancer_node 'https://${proxyHostname}';`] : []),
    `location = ${path} {`,
    `  return 301 ${path}/$is_args$args;`,
    "}",
    ...(isValid({ since: staticClient }, span) ? staticLocations(path) : meteorLocations(path, span)),
    "# The guest lobby is served by the node itself and asks for its locale without the prefix.",
    "location = /html5client/locale {",
    `  return 301 /${node}$request_uri;`,
    "}",
  ];
}

/** Where the file lies: with Meteor it has to come after the package's in alphabetical order. */
export function nodeNginxPath(span: ReleaseSpan): string {
  return `/etc/bigbluebutton/nginx/${isValid({ before: staticClient }, span) ? "zz-" : ""}bbb-cluster.nginx`;
}

function staticLocations(path: string): string[] {
  const client = "/usr/share/bigbluebutton/html5-client";
  return [
    ...location(`${path}/`, ["gzip_static on;", `alias ${client}/;`]),
    ...location(`${path}/locales/`, [`alias ${client}/locales/;`, "autoindex on;", "autoindex_format json;"]),
    ...location(`${path}/wasm/`, [...webAssembly, "gzip_static on;", `alias ${client}/wasm/;`]),
  ];
}

/** Copies of the package's locations with the prefix; what is not a file goes to Meteor, by the package's own @html5client. */
function meteorLocations(path: string, span: ReleaseSpan): string[] {
  const client = "/usr/share/meteor/bundle/programs/web.browser";
  const folder = (name: string, ...more: string[]) =>
    location(`${path}/${name}/`, [...more, `alias ${client}/app/${name}/;`]);
  return [
    ...location(`${path}/`, ["gzip_static on;", `alias ${client}/;`, "try_files $uri @html5client;"]),
    ...folder("locales", "autoindex on;", "autoindex_format json;"),
    ...folder("compatibility", "gzip_static on;"),
    ...folder("resources"),
    ...folder("svgs"),
    ...folder("fonts"),
    ...(isValid({ since: "2.6.0" }, span) ? folder("files") : []),
    ...folder("wasm", ...webAssembly, "gzip_static on;"),
  ];
}

const webAssembly = ["types { application/wasm wasm; }"];

function location(path: string, lines: string[]): string[] {
  return [`location ${path} {`, ...lines.map((line) => `  ${line}`), "}"];
}
