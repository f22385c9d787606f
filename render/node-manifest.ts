import { nodeNginxPath, renderNodeNginx } from "./node-nginx";
import {
  bbbHtml5Settings,
  bbbWebSettings,
  graphqlMiddlewareSettings,
  isValid,
  livekitSettings,
  type NodeNames,
  type Setting,
  type SettingValue,
  settingsFor,
  staticClient,
  type Validity,
} from "./node-settings";
import { flattenSettings, type SettingTree } from "./own-settings";
import { type ReleaseSpan, releaseLine, releaseSpans } from "./releases";

/** A file of which some keys are ours; everything else in it stays as it is. */
export interface MergedFile {
  path: string;
  format: "properties" | "yaml";
  set: Record<string, SettingValue | null>;
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
  restart: { when: "whenEmpty" | "now"; timeoutMinutes: number };
  /** Changes when something on the node has to be set right again. */
  repair: string;
  profiles: (ReleaseSpan & { files: (MergedFile | WholeFile)[] })[];
  restartAll: string[];
}

/** The administrator's own settings; they never touch what the cluster sets. */
export interface OwnSettings {
  bbbWebProperties: Record<string, string>;
  bbbHtml5: SettingTree;
}

/** What the administrator decides about one node. */
export interface NodeChoices {
  /** Release line or exact release. */
  release: string;
  /** Not part of the cluster: its files are as they were before. */
  standalone: boolean;
  restart: NodeManifest["restart"];
  repair: string;
  own: OwnSettings;
}

/** The manifest of one node. */
export function renderNodeManifest(names: NodeNames, choices: NodeChoices): NodeManifest {
  const { release, standalone, restart, repair, own } = choices;
  const files = (span: ReleaseSpan) => (standalone ? [] : nodeFiles(names, span, own));
  return {
    release: releaseLine(release).line,
    restart,
    repair,
    profiles: releaseSpans(release).map((span) => ({ ...span, files: files(span) })),
    restartAll: ["systemctl daemon-reload", "bbb-conf --restart"],
  };
}

function nodeFiles(names: NodeNames, span: ReleaseSpan, own: OwnSettings): (MergedFile | WholeFile)[] {
  const ownKeys: Record<string, Record<string, SettingValue | null>> = {
    "bbb-web.properties": own.bbbWebProperties,
    "bbb-html5.yml": flattenSettings(own.bbbHtml5),
  };
  const merged = (name: string, format: MergedFile["format"], table: readonly Setting[], ...restart: string[]) => {
    const set = { ...ownKeys[name], ...settingsFor(table, names, span) };
    return Object.keys(set).length === 0 ? [] : [{ path: `/etc/bigbluebutton/${name}`, format, set, restart }];
  };
  const during = (validity: Validity, ...files: WholeFile[]) => (isValid(validity, span) ? files : []);
  const isStatic = isValid({ since: staticClient }, span);
  return [
    ...merged("bbb-web.properties", "properties", bbbWebSettings, "bbb-web"),
    ...merged("bbb-html5.yml", "yaml", bbbHtml5Settings, isStatic ? "bbb-apps-akka" : "bbb-html5"),
    ...merged("bbb-graphql-middleware.yml", "yaml", graphqlMiddlewareSettings, "bbb-graphql-middleware"),
    ...merged("livekit.yaml", "yaml", livekitSettings, "livekit-server"),
    whole(nodeNginxPath(span), renderNodeNginx(names, span), "nginx"),
    ...during({ since: "2.6.0" }, grailsCors(names)),
    ...during({ since: staticClient }, hasuraCors(names)),
    ...during({ since: "2.5.0", before: "4.1.0" }, etherpad(names)),
    ...during({ before: staticClient }, meteor("frontend", names), meteor("backend", names)),
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

/** Readable for everybody: the group etherpad exists only where Etherpad is installed, and there is no secret in it. */
function etherpad({ proxyHostname }: NodeNames): WholeFile {
  const content = JSON.stringify({ cluster_proxies: [`https://${proxyHostname}`] }, null, 2).split("\n");
  return { ...whole("/etc/bigbluebutton/etherpad.json", content, "etherpad"), format: "json" };
}

/** Where Meteor's own routes and its websocket are; the start scripts set ROOT_URL only where it is not set. */
function meteor(role: "frontend" | "backend", { node, nodeHostname }: NodeNames): WholeFile {
  const lines = [
    "[Service]",
    `Environment=ROOT_URL=https://127.0.0.1/${node}/html5client`,
    `Environment=DDP_DEFAULT_CONNECTION_URL=https://${nodeHostname}/${node}/html5client`,
  ];
  return whole(`/etc/systemd/system/bbb-html5-${role}@.service.d/cluster.conf`, lines, "daemon-reload", "bbb-html5");
}

function whole(path: string, content: string[], ...restart: string[]): WholeFile {
  return { path, format: "text", content, mode: "0644", owner: "root:root", restart };
}
