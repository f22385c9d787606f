import type { FaultKind } from "../api/faults";

/** A fault of the cloud's API: what it is called there and what clients get to see. */
export interface ApiFault {
  kind: FaultKind;
  effect: string;
}

/** The faults of the cloud's API by the name an operator of the lab gives them. */
export const apiFaults: Record<string, ApiFault> = {
  "api-429": { kind: "rate-limit", effect: "every request: 429 rate_limit_exceeded" },
  "api-conflict": { kind: "conflict", effect: "every change: 409 conflict" },
  "api-502": { kind: "bad-gateway", effect: "every request: 502 and a page in HTML" },
  "api-503": { kind: "unavailable", effect: "every request: 503 unavailable" },
  "api-unavailable": { kind: "out-of-stock", effect: "new servers: 412 resource_unavailable, out of stock" },
  "api-action-error": { kind: "action-error", effect: "every action ends in an error" },
};

/** The fault that cuts a machine off. */
export const unreachable = { name: "unreachable", effect: "no traffic to or from MACHINE, public or private" };
