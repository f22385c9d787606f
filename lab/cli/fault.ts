import { renderTable } from "../../checks/table";
import type { Fault, FaultKind } from "../api/faults";
import { apiFaults, unreachable } from "../faults/kinds";
import { type Execute, setUnreachable, unreachableMachines } from "../faults/unreachable";
import type { Lab } from "../paths";
import { callApi } from "./call-api";
import type { Command } from "./command";
import { machineNames } from "./disks";
import { parseFault } from "./fault-arguments";
import { runInside } from "./inside";

type ActiveFaults = { [kind in FaultKind]?: Fault };

const apiPath = "/_lab/faults";

/** `fault`: switches a fault on or off; alone it lists the kinds and which are on. */
export const command: Command = {
  name: "fault",
  summary: "switch a fault on or off; alone: list them",
  usage: "fault [KIND on|off [--times N] | unreachable MACHINE on|off]",
  async run(args, lab) {
    const asked = parseFault(args);
    if (asked.action === "api") await setApiFault(lab, asked.name, asked.on ? { times: asked.times } : undefined);
    if (asked.action === "unreachable") {
      await setUnreachable(operator(lab), machineId(lab, asked.machine), asked.on);
    }
    process.stdout.write(`${await renderFaults(lab)}\n`);
    return 0;
  },
};

async function setApiFault(lab: Lab, name: string, fault: { times: number | undefined } | undefined): Promise<void> {
  const active = (await callApi(lab, apiPath)) as ActiveFaults;
  const kind = apiFaults[name]?.kind;
  if (kind) await callApi(lab, apiPath, { ...active, [kind]: fault });
}

async function renderFaults(lab: Lab): Promise<string> {
  const [active, cutOff] = await Promise.all([callApi(lab, apiPath), unreachableMachines(operator(lab))]);
  const names = cutOff.map((id) => machineNames(lab).get(id) ?? `server ${id}`);
  const rows = Object.entries(apiFaults).map(([name, { kind, effect }]) => {
    return [name, describeState((active as ActiveFaults)[kind]), effect];
  });
  const last = [`${unreachable.name} MACHINE`, names.length > 0 ? names.join(", ") : "off", unreachable.effect];
  return renderTable([["FAULT", "STATE", "EFFECT"], ...rows, last]);
}

function describeState(fault: Fault | undefined): string {
  if (!fault) return "off";
  return fault.times === undefined ? "on" : `on, ${fault.times} times more`;
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
