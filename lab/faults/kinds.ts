import type { FaultKind } from "../api/faults";

/** The faults of the cloud's API, and what clients get to see of each. */
export const apiFaults: Readonly<Record<FaultKind, string>> = {
  "rate-limit": "every request: 429 rate_limit_exceeded",
  conflict: "every change: 409 conflict",
  locked: "every change: 423 locked",
  "bad-gateway": "every request: 502 and a page in HTML",
  unavailable: "every request: 503 unavailable",
  timeout: "every request: 504 timeout",
  "no-answer": "every request: carried out, and answered when the fault is switched off",
  "out-of-stock": "new servers: 412 resource_unavailable, out of stock",
  "proxy-protocol-v1": "load balancers: version 1 of the PROXY protocol, not 2",
  "proxy-protocol-checks": "load balancers: health checks, too, begin with the PROXY protocol",
  "early-traffic": "load balancers: new targets get traffic before their first check",
  "action-error": "every action ends in an error",
};

/** The fault that cuts a machine off. */
export const unreachable = { name: "unreachable", effect: "no traffic to or from MACHINE, public or private" };
