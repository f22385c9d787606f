import { readFileSync } from "node:fs";
import { join } from "node:path";

import { staticClientSince } from "../releases";
import type { OwnedFile } from "../requests";
import type { NodeNames } from "./settings";

/** Every file on a node that is the cluster's as a whole, but for nginx's. */
export function ownedFiles(names: NodeNames): OwnedFile[] {
  return [...grailsCors(names), meteor("frontend", names), meteor("backend", names)];
}

/**
 * bbb-web's CORS is set by the JVM: Grails does not read grails.cors.* from bbb-web.properties (bigbluebutton#16542). Its
 * options can be set in four places, of which the last wins alone. So they are put together at each start, ours behind
 * all others (Java takes the last), in a file of variables that is read last.
 */
function grailsCors({ proxyHostname, nodeHostname }: NodeNames): OwnedFile[] {
  const script = "/etc/bigbluebutton/bbb-cluster-java-options.sh";
  const variables = "/run/bbb-cluster/bbb-web.env";
  const words = [
    "-Dgrails.cors.enabled=true",
    "-Dgrails.cors.allowCredentials=true",
    `-Dgrails.cors.allowedOrigins=https://${proxyHostname},https://${nodeHostname}`,
  ];
  const how = { since: "2.6.0", restart: ["daemon-reload", "bbb-web"] };
  return [
    {
      path: script,
      ...how,
      content: readFileSync(join(__dirname, "java-options.sh"), "utf8").trimEnd().split(/\r?\n/),
    },
    {
      // Sorts behind override.conf, which `systemctl edit` makes and bbb-install writes.
      path: "/etc/systemd/system/bbb-web.service.d/zz-bbb-cluster.conf",
      ...how,
      environment: { unit: "bbb-web", variable: "JDK_JAVA_OPTIONS", words },
      content: [
        "[Service]",
        `EnvironmentFile=-${variables}`,
        `ExecStartPre=-+/bin/rm -f ${variables}`,
        `ExecStartPre=-+/bin/sh ${script} ${words.join(" ")}`,
      ],
    },
  ];
}

/** Where Meteor's own routes and its websocket are; the start scripts set ROOT_URL only where it is not set. */
function meteor(role: "frontend" | "backend", { node, nodeHostname }: NodeNames): OwnedFile {
  return {
    path: `/etc/systemd/system/bbb-html5-${role}@.service.d/cluster.conf`,
    before: staticClientSince,
    restart: ["daemon-reload", "bbb-html5"],
    content: [
      "[Service]",
      `Environment=ROOT_URL=https://127.0.0.1/${node}/html5client`,
      `Environment=DDP_DEFAULT_CONNECTION_URL=https://${nodeHostname}/${node}/html5client`,
    ],
  };
}
