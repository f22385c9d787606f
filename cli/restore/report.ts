import type { Backups } from "../backups";
import type { Restored } from "./answer";

/** One backup in a line. */
export function describeSnapshot({ id, time, bytes }: Backups["snapshots"][number], now = Date.now()): string {
  const size = bytes === null ? "" : `, ${(bytes / 1e6).toFixed(1)} MB`;
  return `${id}  ${time}  ${age(time, now)}${size}`;
}

/** What was brought back, and how old it is. */
export function describeRestored(restored: Restored, seconds: number, now = Date.now()): string[] {
  const { snapshot, time, nodes, tenants, closed, recordings, newer, rooms, silent, unknown } = restored;
  const closedNodes = Object.entries(closed).map(([node, why]) => `  ${node}: ${why}`);
  return [
    `backup ${snapshot} of ${time}, ${age(time, now)}, restored in ${seconds.toFixed(0)} s`,
    `nodes: ${nodes.join(", ") || "none"}; closed to new meetings: ${closedNodes.length}`,
    ...closedNodes,
    `tenants: ${tenants.join(", ") || "none"}`,
    `recordings: ${recordings}${newer > 0 ? `, ${newer} of them newer than the backup` : ""}`,
    `rooms that run on their nodes: ${rooms}`,
    ...silent.map((host) => `${host} did not say what runs there: its rooms are as they were known`),
    ...unknown.map((node) => `${node} is not known at the load balancer: \`pulumi up\` adds it`),
  ];
}

function age(time: string, now: number): string {
  const hours = (now - Date.parse(time)) / 3_600_000;
  return hours < 2 ? `${Math.round(hours * 60)} minutes old` : `${Math.round(hours)} hours old`;
}
