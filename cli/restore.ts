import { readFileSync } from "node:fs";
import { defineCommand } from "citty";
import { z } from "zod";

import { type Cluster, readCluster } from "../checks/cluster";
import { backupPassword } from "../plan/balancer/backup";
import { ask } from "./ask";
import { askBackups, type Backups } from "./backups";
import { UsageError } from "./command-line";
import { hostProgram, line, read } from "./host-answer";
import { readStackOutputs } from "./pulumi";
import { done } from "./restore/answer";
import { describeRestored, describeSnapshot } from "./restore/report";
import { type Ssh, sshArgs, withReach } from "./ssh";
import { withProgress } from "./terminal";

/** `restore`: what the cluster's own load balancer knew and had, on a machine that `pulumi up` has made. */
export const command = defineCommand({
  meta: {
    name: "restore --",
    description:
      "bring back from a backup what the cluster's own load balancer knew and had\n\n" +
      "For a machine that `pulumi up` has made in the place of one that is lost. The load balancer serves until all is\n" +
      "downloaded, and is off for a moment then; tenants, nodes, cordons and recordings are as in the backup, rooms that\n" +
      "run stay on their nodes, and what has come since to the new machine stays. One that fails leaves all as it was.\n\n" +
      "Exit status: 0 it is done, 1 it is not.",
  },
  args: {
    list: { type: "boolean", description: "only show the backups" },
    snapshot: { type: "string", valueHint: "ID", description: "an older backup than the newest" },
    keep: { type: "boolean", description: "restore nothing: what the machine has now is right, and is backed up" },
    yes: { type: "boolean", description: "do not ask, where the load balancer is in use" },
    "secret-file": {
      type: "string",
      valueHint: "FILE",
      description: "has the clusterSecret that the repository was made with, if that is another one",
    },
    ...sshArgs,
  },
  run: ({ args }) => restore(args),
});

interface Options {
  list?: boolean | undefined;
  snapshot?: string | undefined;
  keep?: boolean | undefined;
  yes?: boolean | undefined;
  "secret-file"?: string | undefined;
  "ssh-config"?: string | undefined;
}

const longSeconds = 12 * 3600;

async function restore(options: Options): Promise<number> {
  refuseNonsense(options);
  const password = passwordIn(options["secret-file"]);
  const cluster = readCluster(await readStackOutputs());
  const [balancer] = cluster.balancers;
  if (balancer === undefined) throw new Error("this cluster has no load balancer of its own: nothing is backed up");
  return withReach(cluster, options["ssh-config"], async ({ ssh }) => {
    if (options.keep) return keep(ssh, balancer.name);
    // A repository with an older password can be read only when that has been replaced.
    const found = password && !options.list ? undefined : await listOf(ssh, balancer.name);
    if (options.list) return list(found as Backups);
    if (found !== undefined && !(await mayReplace(found, options.yes))) return 1;
    const request = { snapshot: options.snapshot, nodes: nodesOf(cluster), password };
    const replace = options.yes === true || found !== undefined;
    const call = { input: JSON.stringify({ ...request, replace }), seconds: longSeconds };
    const started = Date.now();
    const answer = await withProgress("restoring", ssh(balancer.name, `${hostProgram} restore`, call));
    say(describeRestored(read(done, answer), (Date.now() - started) / 1000));
    return 0;
  });
}

async function keep(ssh: Ssh, machine: string): Promise<number> {
  const call = { input: JSON.stringify({ keep: true }), seconds: longSeconds };
  const answer = await withProgress("backing up", ssh(machine, `${hostProgram} backup`, call));
  say([`backup ${read(z.object({ snapshot: line }), answer).snapshot} was made of what is there now`]);
  return 0;
}

function listOf(ssh: Ssh, machine: string): Promise<Backups> {
  return withProgress("asking for the backups", askBackups(ssh, machine));
}

function list({ repository, snapshots }: Backups): number {
  say([...snapshots.map((one) => describeSnapshot(one)), `${snapshots.length} backups in ${repository}`]);
  return 0;
}

async function mayReplace({ here: { meetings, recordings } }: Backups, yes = false): Promise<boolean> {
  if (yes || meetings + recordings === 0) return true;
  const inUse = `the load balancer has ${meetings} meetings and ${recordings} recordings`;
  const answer = await ask(`${inUse}; they stay, and it is off for a moment. Restore (yes/no)? `);
  if (answer === "yes") return true;
  say([`nothing was done: ${inUse}${answer === undefined ? "; to go on: npm run restore -- --yes" : ""}`]);
  return false;
}

function nodesOf({ nodes }: Cluster): Record<string, string> {
  const clustered = nodes.filter(({ standalone }) => !standalone);
  return Object.fromEntries(clustered.map(({ name, api }) => [name, api]));
}

/** An empty variable in a script, or half an id, would be the newest backup. */
function refuseNonsense({ keep: isKept, list: isListed, snapshot }: Options): void {
  if (isKept && (isListed || snapshot !== undefined)) {
    throw new UsageError("--keep makes a backup and restores none: it goes with neither --list nor --snapshot");
  }
  if (snapshot === undefined || /^[0-9a-f]{8,64}$/.test(snapshot)) return;
  throw new UsageError(`--snapshot must be the id of a backup, as --list shows it, got ${JSON.stringify(snapshot)}`);
}

function passwordIn(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const secret = textOf(file).trim();
  if (secret === "") throw new UsageError(`--secret-file ${file} must have a clusterSecret, and is empty`);
  return backupPassword(secret);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`--secret-file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function say(lines: readonly string[]): void {
  for (const text of lines) process.stdout.write(`${text}\n`);
}
