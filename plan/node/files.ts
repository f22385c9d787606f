import { staticClientSince } from "../releases";
import type { OwnedFile } from "../requests";
import type { NodeNames } from "./settings";

/** Every file on a node that is the cluster's as a whole, but for nginx's. */
export function ownedFiles(names: NodeNames): OwnedFile[] {
  return [grailsCors(names), meteor("frontend", names), meteor("backend", names)];
}

/** bbb-web's CORS is set by the JVM: Grails does not read grails.cors.* from bbb-web.properties (bigbluebutton#16542). */
function grailsCors({ proxyHostname, nodeHostname }: NodeNames): OwnedFile {
  const options = [
    "-Dgrails.cors.enabled=true",
    "-Dgrails.cors.allowCredentials=true",
    `-Dgrails.cors.allowedOrigins=https://${proxyHostname},https://${nodeHostname}`,
  ].join(" ");
  return {
    // Not override.conf, which bbb-install owns, nor /etc/default/bbb-web, which the package owns.
    path: "/etc/systemd/system/bbb-web.service.d/50-cluster-proxy.conf",
    since: "2.6.0",
    restart: ["daemon-reload", "bbb-web"],
    content: ["[Service]", `Environment="JDK_JAVA_OPTIONS=${options}"`],
  };
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
