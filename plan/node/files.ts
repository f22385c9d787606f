import { staticClientSince } from "../releases";
import type { AppendingFile, OwnedFile } from "../requests";
import type { NodeNames } from "./settings";

/** Every file on a node that is the cluster's as a whole, but for nginx's. */
export function ownedFiles(names: NodeNames): (OwnedFile | AppendingFile)[] {
  return [grailsCors(names), meteor(names)];
}

/**
 * bbb-web's CORS is set by the JVM: Grails does not read grails.cors.* from bbb-web.properties (bigbluebutton#16542). Of
 * the same option set twice Java takes the last.
 */
function grailsCors({ proxyHostname, nodeHostname }: NodeNames): AppendingFile {
  return {
    // Sorts behind override.conf, which `systemctl edit` makes and bbb-install writes.
    path: "/etc/systemd/system/bbb-web.service.d/zz-bbb-cluster.conf",
    since: "2.6.0",
    restart: ["daemon-reload", "bbb-web"],
    appends: {
      unit: "bbb-web",
      variable: "JDK_JAVA_OPTIONS",
      words: [
        "-Dgrails.cors.enabled=true",
        "-Dgrails.cors.allowCredentials=true",
        `-Dgrails.cors.allowedOrigins=https://${proxyHostname},https://${nodeHostname}`,
      ],
    },
  };
}

/** Where Meteor's own routes and its websocket are; the start scripts set ROOT_URL only where it is not set. */
function meteor({ node, nodeHostname }: NodeNames): OwnedFile {
  return {
    path: "/etc/systemd/system/bbb-html5-{frontend,backend}@.service.d/cluster.conf",
    before: staticClientSince,
    restart: ["daemon-reload", "bbb-html5"],
    content: [
      "[Service]",
      `Environment=ROOT_URL=https://127.0.0.1/${node}/html5client`,
      `Environment=DDP_DEFAULT_CONNECTION_URL=https://${nodeHostname}/${node}/html5client`,
    ],
  };
}
