import { apiFaults, unreachable } from "../faults/kinds";
import { UsageError } from "./command";

/** What `fault` was asked for; `times`: how often the fault strikes before it is over by itself. */
export type FaultRequest =
  | { action: "list" }
  | { action: "api"; name: string; on: boolean; times?: number }
  | { action: "unreachable"; machine: string; on: boolean };

/** Reads `[KIND on|off [--times N] | unreachable MACHINE on|off]`; throws a UsageError that names what is wrong. */
export function parseFault(args: string[]): FaultRequest {
  const [name, ...rest] = args;
  if (name === undefined) return { action: "list" };
  if (name === unreachable.name) return parseUnreachable(rest);
  if (!Object.hasOwn(apiFaults, name)) {
    throw new UsageError(
      `there is no fault ${name}; there are ${[...Object.keys(apiFaults), unreachable.name].join(", ")}`,
    );
  }
  const [state, option, count, ...others] = rest;
  const on = parseState(state);
  if (option === undefined) return { action: "api", name, on };
  const times = Number(count);
  if (option !== "--times" || !on || !Number.isInteger(times) || times < 1 || others.length > 0) {
    throw new UsageError(
      `after "on" only --times with a whole number from 1 may follow, got ${rest.slice(1).join(" ")}`,
    );
  }
  return { action: "api", name, on, times };
}

function parseUnreachable([machine, state, ...others]: string[]): FaultRequest {
  if (machine === undefined || others.length > 0) throw new UsageError("unreachable needs a machine, then on or off");
  return { action: "unreachable", machine, on: parseState(state) };
}

function parseState(state: string | undefined): boolean {
  if (state !== "on" && state !== "off")
    throw new UsageError(`a fault is switched on or off, got ${state ?? "nothing"}`);
  return state === "on";
}
