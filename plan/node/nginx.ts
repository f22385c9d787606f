import { type ReleaseRange, staticClientSince } from "../releases";
import type { OwnedFile } from "../requests";
import type { NodeNames } from "./settings";

/**
 * The client under the node's own path, equal to the path on the proxy, in files that package upgrades leave alone.
 * Locations end in a slash on both sides: without it, `html5client../` would leave the folder.
 */
export function nodeNginx({ node, proxyHostname }: NodeNames): OwnedFile[] {
  const path = `/${node}/html5client`;
  const meteor = { before: staticClientSince };
  return [
    file("bbb-cluster", {}, [
      ...location(`= ${path}`, [`return 301 ${path}/$is_args$args;`]),
      // The guest lobby is served by the node itself and asks for its locale without the prefix. A pattern, for nginx
      // refuses a location that is there twice, and by hand the documentation page's `=` may have been added.
      ...location("~ ^/html5client/locale$", [`return 301 /${node}$request_uri;`]),
      // What the node says of its root disk: whoever gives out meetings asks for it.
      ...location("= /bbb-cluster/disk", ["alias /var/lib/bbb-cluster-public/disk;"]),
      // The page's locations, and the package's that it edits, end without a slash and would lead out of their folders.
      ...location(`~ ^${path}(/[a-z]+)?\\.\\./`, ["return 404;"]),
    ]),
    file("bbb-cluster-client", { since: staticClientSince }, staticLocations(path)),
    file("bbb-cluster-meteor", meteor, meteorLocations(path)),
    file("bbb-cluster-meteor-files", { since: "2.6.0", ...meteor }, meteorFolder(path, "files")),
    // The last one to set it wins, so this one comes after an administrator's.
    file("zz-bbb-cluster-cors", { since: "3.0.28" }, [`set $bbb_cors_origin 'https://${proxyHostname}';`]),
    // Set without a condition by the package's own file, so this one has to come after it in alphabetical order.
    file("zz-bbb-cluster-slides", meteor, [`set $bbb_loadbalancer_node 'https://${proxyHostname}';`]),
  ];
}

function file(name: string, range: ReleaseRange, content: string[]): OwnedFile {
  return { path: `/etc/bigbluebutton/nginx/${name}.nginx`, ...range, restart: ["nginx"], content };
}

function staticLocations(path: string): string[] {
  const client = "/usr/share/bigbluebutton/html5-client";
  return [
    ...location(`${path}/`, ["gzip_static on;", `alias ${client}/;`]),
    ...location(`${path}/locales/`, [`alias ${client}/locales/;`, "autoindex on;", "autoindex_format json;"]),
    ...location(`${path}/wasm/`, [...webAssembly, "gzip_static on;", `alias ${client}/wasm/;`]),
  ];
}

const meteorClient = "/usr/share/meteor/bundle/programs/web.browser";

/** Copies of the package's locations with the prefix; what is not a file goes to Meteor, by the package's own @html5client. */
function meteorLocations(path: string): string[] {
  return [
    ...location(`${path}/`, ["gzip_static on;", `alias ${meteorClient}/;`, "try_files $uri @html5client;"]),
    ...meteorFolder(path, "locales", "autoindex on;", "autoindex_format json;"),
    ...meteorFolder(path, "compatibility", "gzip_static on;"),
    ...meteorFolder(path, "resources"),
    ...meteorFolder(path, "svgs"),
    ...meteorFolder(path, "fonts"),
    ...meteorFolder(path, "wasm", ...webAssembly, "gzip_static on;"),
  ];
}

function meteorFolder(path: string, name: string, ...more: string[]): string[] {
  return location(`${path}/${name}/`, [...more, `alias ${meteorClient}/app/${name}/;`]);
}

const webAssembly = ["types { application/wasm wasm; }"];

function location(path: string, lines: string[]): string[] {
  return [`location ${path} {`, ...lines.map((line) => `  ${line}`), "}"];
}
