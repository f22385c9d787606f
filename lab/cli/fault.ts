import { defineCommand } from "citty";

import { renderTable } from "../../checks/table";
import { UsageError } from "../../cli/command-line";
import { type Fault, type FaultKind, methods } from "../api/faults";
import { apiFaults, unreachable } from "../faults/kinds";
import { type Execute, setUnreachable, unreachableMachines } from "../faults/unreachable";
import type { Lab } from "../paths";
import { callApi } from "./call-api";
import { labArgs, labOf } from "./command";
import { machineNames } from "./disks";
import { runInside } from "./inside";

type ActiveFaults = { [kind in FaultKind]?: Fault };

/** What `fault` was asked for, and of a fault of the API which requests it is for, and how many of them. */
export type FaultRequest =
  | { action: "list" }
  | { action: "api"; kind: FaultKind; fault: Fault | undefined }
  | { action: "unreachable"; machine: string; on: boolean };

interface Limits {
  times?: string | undefined;
  method?: string | undefined;
}

const apiPath = "/_lab/faults";

/** `fault`: switches a fault on or off; alone it lists the kinds and which are on. */
export const command = defineCommand({
  meta: {
    name: "fault",
    description: "switch a fault on or off; alone: list them\n\nfault KIND on|off, or fault unreachable MACHINE on|off",
  },
  args: {
    ...labArgs,
    kind: { type: "positional", required: false, description: "which fault" },
    target: { type: "positional", required: false, description: "on or off; for unreachable the machine" },
    state: { type: "positional", required: false, description: "for unreachable: on or off" },
    times: { type: "string", valueHint: "N", description: "how often it strikes until it is over" },
    method: { type: "string", valueHint: "M", description: "only for requests of this method, such as DELETE" },
  },
  async run({ args }) {
    const lab = labOf(args);
    const { kind, target, state, times, method } = args;
    const words = [kind, target, state].filter((word) => word !== undefined);
    const asked = readFault(words, { times, method });
    if (asked.action === "api") await setApiFault(lab, asked.kind, asked.fault);
    if (asked.action === "unreachable") {
      await setUnreachable(operator(lab), machineId(lab, asked.machine), asked.on);
    }
    process.stdout.write(`${await renderFaults(lab)}\n`);
    return 0;
  },
});

/** Reads `[KIND on|off]` or `[unreachable MACHINE on|off]`; throws a UsageError that names what is wrong. */
export function readFault([kind, ...rest]: string[], limits: Limits = {}): FaultRequest {
  if (kind === undefined) return { action: "list" };
  if (kind === unreachable.name) {
    const [machine, state] = rest;
    if (machine === undefined) throw new UsageError("unreachable needs a machine, then on or off");
    return { action: "unreachable", machine, on: readState(state) };
  }
  if (!isApiFault(kind)) {
    const all = [...Object.keys(apiFaults), unreachable.name].join(", ");
    throw new UsageError(`there is no fault ${kind}; there are ${all}`);
  }
  const on = readState(rest[0]);
  const fault = readLimits(limits);
  if (!on && Object.keys(fault).length > 0) throw new UsageError("--times and --method go with on");
  return { action: "api", kind, fault: on ? fault : undefined };
}

function readLimits({ times, method }: Limits): Fault {
  if (times !== undefined && !/^[1-9]\d*$/.test(times)) throw new UsageError("--times is a whole number from 1");
  const known = methods.find((each) => each === method);
  if (method !== undefined && known === undefined) throw new UsageError(`--method is one of ${methods.join(", ")}`);
  return {
    ...(times === undefined ? {} : { times: Number(times) }),
    ...(known === undefined ? {} : { method: known }),
  };
}

function isApiFault(kind: string): kind is FaultKind {
  return Object.hasOwn(apiFaults, kind);
}

function readState(state = "nothing"): boolean {
  if (state !== "on" && state !== "off") throw new UsageError(`a fault is switched on or off, got ${state}`);
  return state === "on";
}

async function setApiFault(lab: Lab, kind: FaultKind, fault: Fault | undefined): Promise<void> {
  const active = (await callApi(lab, apiPath)) as ActiveFaults;
  await callApi(lab, apiPath, { ...active, [kind]: fault });
}

async function renderFaults(lab: Lab): Promise<string> {
  const [active, cutOff] = await Promise.all([callApi(lab, apiPath), unreachableMachines(operator(lab))]);
  const names = cutOff.map((id) => machineNames(lab).get(id) ?? `server ${id}`);
  const rows = Object.entries(apiFaults).map(([kind, effect]) => {
    return [kind, describeState((active as ActiveFaults)[kind as FaultKind]), effect];
  });
  const last = [`${unreachable.name} MACHINE`, names.length > 0 ? names.join(", ") : "off", unreachable.effect];
  return renderTable([["FAULT", "STATE", "EFFECT"], ...rows, last]);
}

function describeState(fault: Fault | undefined): string {
  if (!fault) return "off";
  const { times, method } = fault;
  return ["on", ...(method ? [`for ${method}`] : []), ...(times ? [`${times} times more`] : [])].join(", ");
}

function operator(lab: Lab): Execute {
  return (argv, input = "") => runInside(lab, "operator", argv, { input });
}

function machineId(lab: Lab, name: string): number {
  const names = machineNames(lab);
  const found = [...names].find(([, each]) => each === name);
  if (found) return found[0];
  const others = [...names.values()].sort().join(", ") || "none";
  throw new Error(`there is no machine ${name} in the lab "${lab.name}": it has ${others}`);
}
