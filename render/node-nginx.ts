import { applies, type NodeNames } from "./node-settings";
import type { ReleaseSpan } from "./releases";

const client = "/usr/share/bigbluebutton/html5-client";

/**
 * /etc/bigbluebutton/nginx/bbb-cluster.nginx: the client under the node's own path, equal to the path on the proxy.
 * Locations end in a slash on both sides: without it, `html5client../` would leave the folder.
 */
export function renderNodeNginx({ node, proxyHostname }: NodeNames, span: ReleaseSpan): string[] {
  const path = `/${node}/html5client`;
  return [
    ...(applies({ since: "3.0.28" }, span) ? [`set $bbb_cors_origin 'https://${proxyHostname}';`, ""] : []),
    `location = ${path} {`,
    `  return 301 ${path}/$is_args$args;`,
    "}",
    `location ${path}/ {`,
    "  gzip_static on;",
    `  alias ${client}/;`,
    "  index index.html;",
    "  try_files $uri $uri/ =404;",
    "}",
    `location ${path}/locales/ {`,
    `  alias ${client}/locales/;`,
    "  autoindex on;",
    "  autoindex_format json;",
    "}",
    `location ${path}/wasm/ {`,
    "  types {",
    "    application/wasm wasm;",
    "  }",
    "  gzip_static on;",
    `  alias ${client}/wasm/;`,
    "}",
    "# The guest lobby is served by the node itself and asks for its locale without the prefix.",
    "location = /html5client/locale {",
    `  return 301 /${node}$request_uri;`,
    "}",
  ];
}
