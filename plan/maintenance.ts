import type { PlanConfig } from "../config/keys";
import type { MaintenanceWindow } from "./requests";

/** When a machine is maintained, as its request says it: one short text, for it is in the requests of all machines. */
export function maintenanceWindow({ maintenance }: Pick<PlanConfig, "maintenance">): MaintenanceWindow {
  return maintenance.securityUpdates ? `${maintenance.window} ${maintenance.timezone}` : null;
}
