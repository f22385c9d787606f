import { remote } from "@pulumi/command";
import type * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import type { LocalFile } from "../plan/node/administrator-files";
import { renderRequest } from "../plan/requests";
import { hostProgramsCopy, hostProgramsHash, versionOf } from "./host-programs";

/** The programs that run on a machine: their folder there, and what is copied into it. */
export interface HostPrograms {
  folder: string;
  source: pulumi.asset.FileArchive;
}

/** How a machine is reached, and what is run there. */
export interface SshTarget {
  programs: HostPrograms;
  server: hcloud.Server;
  address: pulumi.Output<string>;
  /** Pinned public host key, `ssh-ed25519 AAAA…`. */
  hostKey: pulumi.Output<string>;
  privateKey: pulumi.Output<string>;
}

/** A machine that host commands can run on. */
export interface ReadyHost extends SshTarget {
  /** The last of what must have happened before the first command. */
  ready: pulumi.Resource;
}

/** A host command on a machine, which dies with the machine: `delete` is never run on it. */
export interface MachineCommand {
  host: ReadyHost;
  command: string;
  request: pulumi.Inputs;
  /** What of it is a secret in the state. */
  secrets?: ("stdin" | "stdout" | "stderr")[];
}

/** A host command on a proxy on behalf of a node, undone when the node leaves. */
export interface ProxyCommand {
  host: SshTarget;
  onBehalfOf: hcloud.Server;
  command: string;
  undo: string;
  request: pulumi.Inputs;
}

/** A host command on a proxy for the whole cluster; with `undo` the proxy is asked when the cluster goes. */
export type ClusterCommand = Omit<ProxyCommand, "onBehalfOf" | "undo"> & { undo: string | undefined };

// A new machine needs a while to boot: up to five minutes of silence, or two of refusals. A step of its own for that
// wait would cost each machine a resource for ever, and spare only the upgrade of a dead one.
const bootDialRetry = { dialErrorLimit: 30, perDialTimeout: 5 };
// Afterwards a refused connection fails after five seconds, silence within a minute: a dead machine holds nobody up.
const dialRetry = { dialErrorLimit: 8, perDialTimeout: 5 };

// The same for all machines: reading and comparing them for each took as long as half a machine's resources. So it would
// be in the engine, which reads all files of each archive that does not say its hash; not in the SDK's types.
const plainPrograms = programsWith([]);
// Leads to the version that ran last, so that nothing in the state names one that is gone.
const stableEntry = "/usr/local/sbin/bbb-cluster";

/**
 * The programs with an administrator's files: one copy for all machines that get them.
 * @throws {Refusal} when a file is not what was planned with
 */
export function hostPrograms(carried: readonly LocalFile[] = []): HostPrograms {
  return carried.length === 0 ? plainPrograms : programsWith(carried);
}

function programsWith(carried: readonly LocalFile[]): HostPrograms {
  const source = new pulumi.asset.FileArchive(hostProgramsCopy(undefined, undefined, carried));
  const hash = hostProgramsHash(undefined, carried);
  return { folder: `/opt/bbb-cluster/${versionOf(hash)}`, source: Object.assign(source, { hash }) };
}

/** Copies our programs to a machine, into a folder of their version; it is waited for until it has booted. */
export function copyHostPrograms(name: string, target: SshTarget, opts: pulumi.ResourceOptions): remote.CopyToRemote {
  const { source, folder: remotePath } = target.programs;
  return new remote.CopyToRemote(
    name,
    { connection: connection(target, bootDialRetry), source, remotePath, triggers: [target.server.id] },
    pulumi.mergeOptions(opts, { deletedWith: target.server }),
  );
}

/** Runs a host command on a machine, again whenever its request or the programs change. */
export function runOnMachine(name: string, args: MachineCommand, opts: pulumi.ResourceOptions): remote.Command {
  const { host, command, request, secrets = [] } = args;
  return new remote.Command(
    name,
    { ...commandArgs(host, command, request), triggers: [host.server.id] },
    pulumi.mergeOptions(opts, {
      deletedWith: host.server,
      dependsOn: host.ready,
      additionalSecretOutputs: secrets,
    }),
  );
}

/** Runs a host command on a machine, and undoes it when it is not wanted any more; nobody is asked when the machine goes. */
export function runWhileWanted(
  name: string,
  { host, command, undo, request }: MachineCommand & { undo: string },
  opts: pulumi.ResourceOptions,
): remote.Command {
  return new remote.Command(
    name,
    { ...commandArgs(host, command, request), delete: `${stableEntry} ${undo}`, triggers: [host.server.id] },
    pulumi.mergeOptions(opts, { deletedWith: host.server, additionalSecretOutputs: ["stdin"] }),
  );
}

/**
 * Runs a host command on a proxy on behalf of a node. When the node's server is replaced the command is undone first;
 * when the proxy itself is replaced it is simply run again there: no trigger on it.
 */
export function runOnProxyFor(name: string, args: ProxyCommand, opts: pulumi.ResourceOptions): remote.Command {
  const { host, command, undo, request, onBehalfOf } = args;
  return new remote.Command(
    name,
    { ...commandArgs(host, command, request), delete: `${stableEntry} ${undo}`, triggers: [onBehalfOf.id] },
    pulumi.mergeOptions(opts, { deletedWith: host.server, deleteBeforeReplace: true }),
  );
}

/** Runs a host command on a proxy for the whole cluster: again on a new one, if its id is in the request. */
export function runForCluster(name: string, args: ClusterCommand, opts: pulumi.ResourceOptions): remote.Command {
  const { host, command, undo, request } = args;
  return new remote.Command(
    name,
    { ...commandArgs(host, command, request), ...(undo && { delete: `${stableEntry} ${undo}` }) },
    undo ? opts : pulumi.mergeOptions(opts, { deletedWith: host.server }),
  );
}

/**
 * Has a node take part in the cluster. Its removal is refused by the node itself while it is not empty; nobody is asked
 * when all goes with `until`.
 */
export function runInService(
  name: string,
  { host, request, until }: { host: ReadyHost; request: pulumi.Inputs; until: hcloud.Server | undefined },
  opts: pulumi.ResourceOptions,
): remote.Command {
  return new remote.Command(
    name,
    {
      ...commandArgs(host, "enter-service", request),
      delete: `${stableEntry} leave-service`,
      triggers: [host.server.id],
    },
    pulumi.mergeOptions(opts, { ...(until && { deletedWith: until }), deleteBeforeReplace: true }),
  );
}

/** In a command's place, for a node that is given up: whatever it was, it goes without being run. */
export function forgetCommand(name: string, opts: pulumi.ResourceOptions): remote.Command {
  const nothing: remote.CommandArgs = { connection: { host: "abandoned.invalid" } };
  const ignoreChanges = ["connection", "create", "delete", "stdin", "triggers", "logging", "addPreviousOutputInEnv"];
  return new remote.Command(name, nothing, pulumi.mergeOptions(opts, { ignoreChanges, retainOnDelete: true }));
}

/** The command text is fixed and secrets never enter it: an error shows it in full, but never what is on stdin. */
function commandArgs(host: SshTarget, command: string, request: pulumi.Inputs): remote.CommandArgs {
  return {
    connection: connection(host, dialRetry),
    create: `python3 -B ${host.programs.folder}/bbb_cluster ${command}`,
    stdin: pulumi.output(request).apply(renderRequest),
    logging: remote.Logging.Stderr,
    addPreviousOutputInEnv: false,
  };
}

function connection({ address, hostKey, privateKey }: SshTarget, retry: typeof dialRetry) {
  return { host: address, user: "root", privateKey, hostKey, ...retry };
}
