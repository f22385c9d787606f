import { staticClientSince } from "../releases";
import { type AppendingFile, type MergedFile, type OwnedFile, renderRequest, type SettingRow } from "../requests";
import { nodeNginx } from "./nginx";
import { managedFiles, managedSettings, type NodeNames } from "./settings";

/** Every file of a node behind a proxy: all rows, of which the host keeps those for the release that is installed. */
export function nodeFiles(names: NodeNames): (MergedFile | OwnedFile | AppendingFile)[] {
  const merged = Object.entries(managedFiles).map(([file, how]) => {
    return { path: `/etc/bigbluebutton/${file}`, ...how, settings: managedRows(file, names) };
  });
  return [...merged, ...nodeNginx(names), grailsCors(names), meteor(names)];
}

/**
 * The same for any node, as it comes with the host programs, which put the names in: every node's request would say it,
 * and the state keeps each request twice.
 */
export function renderNodeFiles(): string {
  const files = nodeFiles({ node: "{node}", nodeHostname: "{nodeHostname}", proxyHostname: "{proxyHostname}" });
  return `${renderRequest({ files })}\n`;
}

function managedRows(file: string, names: NodeNames): SettingRow[] {
  return managedSettings
    .filter((setting) => setting.file === file)
    .map(({ key, value, since, before }) => ({
      key,
      value: value(names),
      ...(since === undefined ? {} : { since }),
      ...(before === undefined ? {} : { before }),
    }));
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
