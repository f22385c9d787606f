import { Actions } from "./actions";
import type { Fabric } from "./fabric";
import { Faults } from "./faults";
import { Balancers } from "./load-balancers/balancers";
import { Machines } from "./machines";
import { Names } from "./names";
import { Store } from "./store";

/** The parts of the API that every route works with. */
export interface Cloud {
  store: Store;
  actions: Actions;
  machines: Machines;
  balancers: Balancers;
  names: Names;
  faults: Faults;
  log: (line: string) => void;
}

/** Builds the parts around the state in a folder. */
export function createCloud(stateDir: string, fabric: Fabric, actionMs: number, log: (line: string) => void): Cloud {
  const store = new Store(stateDir);
  const faults = new Faults();
  const actions = new Actions(store, faults, actionMs, log);
  const balancers = new Balancers(store, fabric.loadBalancers, faults);
  // Whatever changes of a server may change what they pass on to.
  store.onSaved = () => {
    balancers.applyAll().catch((error: Error) => log(`applying load balancers failed: ${error.message}`));
  };
  const machines = new Machines(store, fabric);
  return { store, faults, actions, log, machines, balancers, names: new Names(store, fabric) };
}

/** Publishes names in the background, where no action waits for it; a failure is logged and the next one repairs it. */
export function publishSoon(cloud: Cloud): void {
  cloud.names.publish().catch((error: Error) => cloud.log(`publishing names failed: ${error.message}`));
}

/** Brings firewalls up to date in the background, where no action waits for it; a failure is logged. */
export function applyFirewallsSoon(cloud: Cloud): void {
  cloud.machines.applyFirewalls().catch((error: Error) => cloud.log(`applying firewalls failed: ${error.message}`));
}
