import { type Check, seen } from "./check";
import type { Cluster, ClusterNode } from "./cluster";
import type { Execute } from "./host-keys";

interface Finding {
  path: string;
  key?: string;
  state: string;
  unit?: string;
}

const verifyNode = 'exec python3 -B "$(ls -td /opt/bbb-cluster/*/bbb_cluster | head -n 1)" verify-node </dev/null';

/** On every node of the cluster all that was set is in force: no line is gone or changed, and its reader has read it. */
export function inForceChecks({ nodes }: Cluster, sshConfig: string, execute: Execute): Check[] {
  return nodes.filter(({ standalone }) => !standalone).map((node) => inForceCheck(node, sshConfig, execute));
}

function inForceCheck({ name }: ClusterNode, sshConfig: string, execute: Execute): Check {
  return {
    name: `${name}: settings`,
    expected: "all in force, as `npm run drift` asks",
    async run() {
      const answer = await execute("ssh", ["-F", sshConfig, "-o", "BatchMode=yes", name, verifyNode]);
      const { findings } = JSON.parse(answer) as { findings: Finding[] };
      return seen(findings.length === 0, findings.map(describeFinding).join("; ") || "all in force");
    },
  };
}

function describeFinding({ path, key, state, unit }: Finding): string {
  return [path, key, state, unit && `by ${unit}`].filter(Boolean).join(" ");
}
