import { staticClientSince } from "../releases";
import type { OwnedFile } from "../requests";
import type { NodeNames } from "./settings";

/** Every file on a node that is the cluster's as a whole, but for nginx's. */
export function ownedFiles(names: NodeNames): OwnedFile[] {
  return [grailsCors(names), hasuraCors(names), etherpad(names), meteor("frontend", names), meteor("backend", names)];
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

/** Read after the package's own /etc/default/bbb-graphql-server, which therefore stays untouched. */
function hasuraCors({ proxyHostname }: NodeNames): OwnedFile {
  return {
    path: "/etc/bigbluebutton/bbb-graphql-server.env",
    since: staticClientSince,
    restart: ["bbb-graphql-server"],
    content: [`HASURA_GRAPHQL_CORS_DOMAIN="https://${proxyHostname}"`],
  };
}

/** Readable for everybody: the group etherpad exists only where Etherpad is installed, and there is no secret in it. */
function etherpad({ proxyHostname }: NodeNames): OwnedFile {
  return {
    path: "/etc/bigbluebutton/etherpad.json",
    since: "2.5.0",
    before: "4.1.0",
    restart: ["etherpad"],
    content: { cluster_proxies: [`https://${proxyHostname}`] },
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
