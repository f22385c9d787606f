import type { PlanConfig } from "../config/keys";
import type { MaintenanceWindow } from "./requests";
import { minutesOf, timeOf } from "./time-of-day";

/** A proxy's own part of that time: never are two of them maintained at once. */
export function proxyMaintenance(config: PlanConfig, index: number): MaintenanceWindow {
  const { maintenance, proxies } = config;
  if (!maintenance.securityUpdates || proxies === 1) return maintenanceWindow(config);
  const { begin, minutes } = minutesOf(maintenance.window);
  const at = (part: number) => timeOf(begin + Math.floor((minutes * part) / proxies));
  return maintenanceWindow({ maintenance: { ...maintenance, window: `${at(index)}-${at(index + 1)}` } });
}

/** When a machine is maintained, as its request says it: one short text, for it is in the requests of all machines. */
export function maintenanceWindow({ maintenance }: Pick<PlanConfig, "maintenance">): MaintenanceWindow {
  return maintenance.securityUpdates ? `${maintenance.window} ${maintenance.timezone}` : null;
}
