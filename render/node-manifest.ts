import { renderNodeNginx } from "./node-nginx";
import { type NodeNames, settings, settingsFor } from "./node-settings";
import { type ReleaseSpan, releaseLine, releaseSpans } from "./releases";

/** A file of which some keys are ours; everything else in it stays as it is. */
export interface MergedFile {
  path: string;
  format: "properties" | "yaml";
  set: Record<string, string>;
  restart: string[];
}

/** A file that is ours as a whole. */
export interface WholeFile {
  path: string;
  format: "text" | "json";
  content: string[];
  mode: string;
  owner: string;
  restart: string[];
}

/** What a node must be, for every release it may have; host/bbb_cluster chooses by the installed one. */
export interface NodeManifest {
  release: string;
  profiles: (ReleaseSpan & { files: (MergedFile | WholeFile)[] })[];
  restartAll: string[];
}

/** The manifest of one node for a release line or an exact release. */
export function renderNodeManifest(names: NodeNames, release: string): NodeManifest {
  return {
    release: releaseLine(release).line,
    profiles: releaseSpans(release).map((span) => ({ ...span, files: nodeFiles(names, span) })),
    restartAll: ["systemctl daemon-reload", "bbb-conf --restart"],
  };
}

function nodeFiles(names: NodeNames, span: ReleaseSpan): (MergedFile | WholeFile)[] {
  return [
    merged("bbb-web.properties", "properties", settingsFor(settings.bbbWeb, names, span), "bbb-web"),
    merged("bbb-html5.yml", "yaml", settingsFor(settings.bbbHtml5, names, span), "bbb-apps-akka"),
    merged(
      "bbb-graphql-middleware.yml",
      "yaml",
      settingsFor(settings.graphqlMiddleware, names, span),
      "bbb-graphql-middleware",
    ),
    whole("/etc/bigbluebutton/nginx/bbb-cluster.nginx", renderNodeNginx(names, span), "nginx"),
    grailsCors(names),
    hasuraCors(names),
    etherpad(names),
  ];
}

/** bbb-web's CORS is set by the JVM: Grails does not read grails.cors.* from bbb-web.properties (bigbluebutton#16542). */
function grailsCors({ proxyHostname, nodeHostname }: NodeNames): WholeFile {
  const options = [
    "-Dgrails.cors.enabled=true",
    "-Dgrails.cors.allowCredentials=true",
    `-Dgrails.cors.allowedOrigins=https://${proxyHostname},https://${nodeHostname}`,
  ].join(" ");
  const lines = ["[Service]", `Environment="JDK_JAVA_OPTIONS=${options}"`];
  // Not override.conf, which bbb-install owns, nor /etc/default/bbb-web, which the package owns.
  return whole("/etc/systemd/system/bbb-web.service.d/50-cluster-proxy.conf", lines, "daemon-reload", "bbb-web");
}

/** Read after the package's own /etc/default/bbb-graphql-server, which therefore stays untouched. */
function hasuraCors({ proxyHostname }: NodeNames): WholeFile {
  const lines = [`HASURA_GRAPHQL_CORS_DOMAIN="https://${proxyHostname}"`];
  return whole("/etc/bigbluebutton/bbb-graphql-server.env", lines, "bbb-graphql-server");
}

function etherpad({ proxyHostname }: NodeNames): WholeFile {
  const content = JSON.stringify({ cluster_proxies: [`https://${proxyHostname}`] }, null, 2).split("\n");
  return {
    ...whole("/etc/bigbluebutton/etherpad.json", content, "etherpad"),
    format: "json",
    mode: "0640",
    owner: "root:etherpad",
  };
}

function merged(name: string, format: MergedFile["format"], set: Record<string, string>, unit: string): MergedFile {
  return { path: `/etc/bigbluebutton/${name}`, format, set, restart: [unit] };
}

function whole(path: string, content: string[], ...restart: string[]): WholeFile {
  return { path, format: "text", content, mode: "0644", owner: "root:root", restart };
}
