import { renewalChecks } from "../checks/certificates";
import { type Check, type CheckResult, runChecks, seen, unless } from "../checks/check";
import { type Cluster, type ClusterMachine, machinesOf, readCluster } from "../checks/cluster";
import { hostKeyChecks } from "../checks/host-keys";
import { type Releases, userChecks } from "../checks/plan";
import { Meetings } from "../checks/session/meetings";
import { Vantage } from "../checks/vantage";
import { backupChecks } from "./backups";
import { inspect } from "./drift/inspect";
import { execute } from "./execute";
import { onStop } from "./on-stop";
import { findReleases, releaseBySsh } from "./releases";
import { type Ssh, withSsh } from "./ssh";

/** What is verified, and how. */
export interface Verification {
  /** The stack's outputs, secrets in the clear. */
  outputs: unknown;
  sshConfig?: string | undefined;
  /** Of a Scalelite: meetings are made through it, too. */
  loadBalancerSecret?: string | undefined;
  /** The releases of the nodes by name; what is missing is found out. */
  releases?: Releases;
  /** Whether meetings may be made. */
  meetings: boolean;
  /** Only what needs SSH. */
  onlySsh?: boolean;
}

/** Runs the checks from where it is started and hands each result over in order; meetings are ended whatever happens. */
export async function verify(verification: Verification, emit: (result: CheckResult) => void): Promise<void> {
  const cluster = readCluster(verification.outputs, verification.loadBalancerSecret);
  const meetings = new Meetings();
  const release = endOnSignals(meetings);
  try {
    await withSsh(cluster, verification.sshConfig, async (ssh) => {
      const checks = await plan(cluster, verification, meetings, ssh);
      await runChecks(checks, emit);
    });
  } finally {
    await meetings.endAll();
    release();
  }
}

async function plan(cluster: Cluster, verification: Verification, meetings: Meetings, ssh: Ssh | null) {
  const vantage = new Vantage();
  const byAdministrator = [
    ...hostKeyChecks(cluster, vantage, (program, args) => execute(program, args, { seconds: 30 })),
    ...renewalChecks(cluster, vantage, ssh),
    ...driftChecks(cluster, vantage, ssh),
    ...backupChecks(cluster, vantage, ssh),
  ];
  if (verification.onlySsh) return byAdministrator;
  const found = await findReleases(cluster, releaseBySsh(ssh, vantage));
  const releases = { ...found, ...verification.releases };
  const byUser = userChecks(cluster, { releases, vantage, meetings: verification.meetings ? meetings : null });
  return [...byUser, ...byAdministrator];
}

/** On every machine all that was set is in force: no line is gone or changed, and its reader has read it. */
export function driftChecks(cluster: Cluster, vantage: Vantage, ssh: Ssh | null): Check[] {
  return machinesOf(cluster).map((machine) =>
    unless(ssh === null && "the stack does not know its output ssh", driftCheck(machine, vantage, ssh)),
  );
}

function driftCheck(machine: ClusterMachine, vantage: Vantage, ssh: Ssh | null): Check {
  return {
    name: `${machine.name}: settings`,
    expected: "all in force, as `npm run drift` asks",
    async run() {
      await vantage.needSsh(machine);
      const { error, findings } = await inspect(machine.name, ssh);
      if (error !== undefined) throw new Error(error);
      return seen(findings.length === 0, findings.join("; ") || "all in force");
    },
  };
}

/** Ctrl-C and a polite end end the meetings first. */
function endOnSignals(meetings: Meetings): () => void {
  return onStop(async (status) => {
    process.stderr.write("stopping: the meetings are ended first\n");
    await meetings.endAll();
    process.exit(status);
  });
}

/** The results of several places, in the order of the first: what one of them could check does not remain "not checked". */
export function mergeResults(first: readonly CheckResult[], ...others: (readonly CheckResult[])[]): CheckResult[] {
  const checked = new Map(
    others
      .flat()
      .filter(({ verdict }) => verdict !== "not checked")
      .map((result) => [result.name, result]),
  );
  return first.map((result) => (result.verdict === "not checked" ? (checked.get(result.name) ?? result) : result));
}
