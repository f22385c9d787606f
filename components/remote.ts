import { remote } from "@pulumi/command";
import type * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import { hostProgramsFolder, hostProgramsVersion } from "../render/host-programs";

/** How a machine is reached. */
export interface Reached {
  server: hcloud.Server;
  address: pulumi.Output<string>;
  /** Pinned public host key, `ssh-ed25519 AAAA…`. */
  hostKey: pulumi.Output<string>;
  privateKey: pulumi.Output<string>;
}

/** A machine that remote steps can run on. */
export interface RemoteHost extends Reached {
  /** What must have happened before the first step. */
  ready: pulumi.Resource[];
}

/** A step on a machine, which dies with the machine: `delete` is never run on it. */
export interface MachineStep {
  host: RemoteHost;
  /** Command of host/bbb_cluster. */
  program: string;
  /** What the program reads, as JSON. */
  input: pulumi.Input<unknown>;
  /** The program's result is a secret. */
  secretResult?: boolean;
}

/** A step on one machine (the proxy) on behalf of another (a node), undone when the other leaves. */
export interface VisitingStep {
  host: RemoteHost;
  visitor: hcloud.Server;
  program: string;
  undo: string;
  input: pulumi.Input<unknown>;
}

// A new machine needs a while to boot; later steps only have to outlast a restart of sshd.
const firstContact = { dialErrorLimit: 60, perDialTimeout: 10 };
const laterContact = { dialErrorLimit: 12, perDialTimeout: 10 };

const programs = `/opt/bbb-cluster/${hostProgramsVersion()}`;

/** Copies our programs to a machine, into a folder of their version. */
export function copyHostPrograms(name: string, host: Reached, opts: pulumi.ResourceOptions): remote.CopyToRemote {
  const source = new pulumi.asset.FileArchive(hostProgramsFolder);
  return new remote.CopyToRemote(
    name,
    { connection: connection(host, firstContact), source, remotePath: programs, triggers: [host.server.id] },
    pulumi.mergeOptions(opts, { deletedWith: host.server }),
  );
}

/** Runs one of our programs on a machine, again whenever its input changes. */
export function runOnMachine(name: string, step: MachineStep, opts: pulumi.CustomResourceOptions): remote.Command {
  const { host, program, input, secretResult = false } = step;
  return new remote.Command(
    name,
    { ...command(host, program, input), triggers: [host.server.id] },
    pulumi.mergeOptions(opts, {
      deletedWith: host.server,
      dependsOn: host.ready,
      ...(secretResult ? { additionalSecretOutputs: ["stdout", "stderr"] } : {}),
    }),
  );
}

/**
 * Runs one of our programs on a machine on behalf of a visitor. When the visitor's server is replaced the step is
 * undone first; when the machine itself is replaced it is simply run again there: no trigger on it.
 */
export function runForVisitor(name: string, step: VisitingStep, opts: pulumi.CustomResourceOptions): remote.Command {
  const { host, program, undo, input, visitor } = step;
  return new remote.Command(
    name,
    { ...command(host, program, input), delete: commandText(undo), triggers: [visitor.id] },
    pulumi.mergeOptions(opts, { deletedWith: host.server, deleteBeforeReplace: true, dependsOn: host.ready }),
  );
}

/** The command text is fixed and secrets never enter it: an error shows it in full, but never what is on stdin. */
function command(host: RemoteHost, program: string, input: pulumi.Input<unknown>): remote.CommandArgs {
  return {
    connection: connection(host, laterContact),
    create: commandText(program),
    stdin: pulumi.jsonStringify(input, undefined, 2),
    logging: remote.Logging.Stderr,
    addPreviousOutputInEnv: false,
  };
}

function commandText(program: string): string {
  return `python3 -B ${programs}/bbb_cluster ${program}`;
}

function connection({ address, hostKey, privateKey }: Reached, patience: typeof firstContact) {
  return { host: address, user: "root", privateKey, hostKey, ...patience };
}
