import type { AdministratorFile, ConfigureNodeRequest } from "../requests";
import { nodeFiles } from "./files";

/** A file beside the program that goes to every node: where it is here, and the SHA-256 of what is in it. */
export interface LocalFile {
  source: string;
  sha256: string;
}

/** What an administrator puts on every node, as the stack configuration says it. */
export interface OwnFiles {
  nodeFiles: readonly (Omit<AdministratorFile, "sha256"> & { source: LocalFile })[];
  nodeHook?: LocalFile | undefined;
}

/** What an administrator may have restarted for a file: what keeps no data. */
export const restartableUnits = [
  "nginx",
  "freeswitch",
  "haproxy",
  "coturn",
  "etherpad",
  "livekit-server",
  "bbb-apps-akka",
  "bbb-fsesl-akka",
  "bbb-web",
  "bbb-html5",
  "bbb-graphql-actions",
  "bbb-graphql-middleware",
  "bbb-graphql-server",
  "bbb-webrtc-sfu",
  "bbb-webrtc-recorder",
  "bbb-pads",
  "bbb-export-annotations",
  "bbb-webhooks",
  "bbb-rap-starter",
  "bbb-rap-resque-worker",
  "bbb-rap-caption-inbox",
] as const;

/** Folders in which nothing survives, or what keeps the machine in the cluster. */
const closedFolders = [
  ...["/proc", "/sys", "/dev", "/run", "/var/run", "/tmp"],
  ...["/var/lib/bbb-cluster", "/opt/bbb-cluster", "/etc/ssh", "/root/.ssh", "/etc/letsencrypt"],
];

/** Files of others that are read or written by the cluster. */
const closedFiles = [
  "/etc/bigbluebutton/bigbluebutton-release",
  "/usr/sbin/policy-rc.d",
  "/etc/passwd",
  "/etc/resolv.conf",
];

/** Absolute and plain, in characters that no reader of a request takes for anything else. */
const plainPath = /^(\/(?!\.{1,2}(\/|$))[\w.@+=:,~%-]{1,200})+$/;

/** Why an administrator's file may not have a path, to finish "must be …"; undefined: it may. */
export function refusedPath(path: string): string | undefined {
  if (!plainPath.test(path)) {
    return "an absolute path on the node, without `..`, spaces and empty parts";
  }
  const closed = closedFolders.find((folder) => `${path}/`.startsWith(`${folder}/`));
  if (closed !== undefined) {
    return `a path outside of ${closed}`;
  }
  if (managedPaths().has(path) || closedFiles.includes(path) || /\/[^/]*bbb-cluster/.test(path)) {
    return "a file that the cluster does not manage; single settings of BigBlueButton are bbbWebProperties and bbbHtml5";
  }
  return undefined;
}

/** Every file of a node that the cluster writes or merges settings into, whatever the release. */
function managedPaths(): Set<string> {
  const names = { node: "node", nodeHostname: "node.example.com", proxyHostname: "proxy.example.com" };
  return new Set(nodeFiles(names).flatMap(({ path }) => withoutBraces(path)));
}

/** `/a/{b,c}.conf` stands for two files. */
function withoutBraces(path: string): string[] {
  const [, before, names, after] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(path) ?? [];
  return names === undefined ? [path] : names.split(",").map((name) => `${before}${name}${after}`);
}

/** What `configure-node` is told of the administrator's files and hook: their bytes come with the host programs. */
export function administratorFiles({
  nodeFiles,
  nodeHook,
}: OwnFiles): Pick<ConfigureNodeRequest, "nodeFiles" | "nodeHook"> {
  return {
    nodeFiles: nodeFiles.map(({ path, source: { sha256 }, mode, restart }) => ({ path, sha256, mode, restart })),
    nodeHook: nodeHook?.sha256 ?? null,
  };
}

/** The local files that every node gets, each content once. */
export function localFiles({ nodeFiles, nodeHook }: OwnFiles): LocalFile[] {
  const all = [...nodeFiles.map(({ source }) => source), ...(nodeHook === undefined ? [] : [nodeHook])];
  return [...new Map(all.map((file) => [file.sha256, file])).values()];
}
