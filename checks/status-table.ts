import type { MachineStatus } from "./status";
import { renderTable } from "./table";

const columns: [heading: string, key: keyof MachineStatus][] = [
  ["MACHINE", "name"],
  ["SERVER", "server"],
  ["STATE", "state"],
  ["IPV4", "ipv4"],
  ["IPV6", "ipv6"],
  ["PRIVATE", "privateIp"],
  ["DOOR", "door"],
  ["MEETINGS", "meetings"],
  ["CERTIFICATE", "certificate"],
  ["RELEASE", "release"],
  ["URL", "url"],
];

/** The table of machines, addresses, doors, meetings, certificates (last valid day) and URLs. */
export function renderMachines(machines: MachineStatus[]): string {
  return renderTable([
    columns.map(([heading]) => heading),
    ...machines.map((machine) => columns.map(([, key]) => machine[key])),
  ]);
}
