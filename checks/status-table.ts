import type { MachineStatus } from "./status";
import { renderTable } from "./table";

/** What stands below the table. */
type Details = "names" | "dueDetails" | "occupancyDetails" | "backup";

const columns: [heading: string, key: Exclude<keyof MachineStatus, Details>][] = [
  ["MACHINE", "name"],
  ["STATE", "state"],
  ["IPV4", "ipv4"],
  ["IPV6", "ipv6"],
  ["PRIVATE", "private"],
  ["ROUTE", "route"],
  ["MEETINGS", "meetings"],
  ["USERS", "users"],
  ["CLOSED BY", "cordons"],
  ["PENDING", "pending"],
  ["CERTIFICATE", "certificate"],
  ["RELEASE", "release"],
  ["DUE", "due"],
  ["URL", "url"],
];

/** The table of machines, addresses, routes, meetings, certificates (last valid day) and URLs. */
export function renderMachines(machines: readonly MachineStatus[]): string {
  return renderTable([
    columns.map(([heading]) => heading),
    ...machines.map((machine) => columns.map(([, key]) => machine[key])),
  ]);
}
