import type { PlanConfig } from "../config/keys";
import type { MaintenanceWindow } from "./requests";

/** A proxy's own part of that time: never are two of them maintained at once. */
export function proxyMaintenance(config: PlanConfig, index: number): MaintenanceWindow {
  const { maintenance, proxies } = config;
  if (!maintenance.securityUpdates || proxies === 1) return maintenanceWindow(config);
  const [begin = 0, end = 0] = maintenance.window.split("-").map(minutesOf);
  const minutes = (end - begin + day) % day;
  const at = (part: number) => timeOf(begin + Math.floor((minutes * part) / proxies));
  return `${at(index)}-${at(index + 1)} ${maintenance.timezone}`;
}

/** When a machine is maintained, as its request says it: one short text, for it is in the requests of all machines. */
export function maintenanceWindow({ maintenance }: Pick<PlanConfig, "maintenance">): MaintenanceWindow {
  return maintenance.securityUpdates ? `${maintenance.window} ${maintenance.timezone}` : null;
}

const day = 24 * 60;

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

function timeOf(minutes: number): string {
  const parts = [Math.floor(minutes / 60) % 24, minutes % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
