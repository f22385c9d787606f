import type { NodeServer } from "../../test/front-door/rig/node";

/** The documentation page's location. */
export function documented({ name, address }: NodeServer): string[] {
  return [
    `location /${name}/html5client/ {`,
    `  proxy_pass https://${address}/${name}/html5client/;`,
    "  proxy_http_version 1.1;",
    "  proxy_set_header Upgrade $http_upgrade;",
    '  proxy_set_header Connection "Upgrade";',
    "}",
  ];
}
