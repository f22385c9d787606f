import { z } from "zod";

import type { BalancedService, HealthCheck, HttpCheck } from "../balancer";
import { ApiError, invalidInput } from "../errors";

const port = z.int().min(1).max(65_535);
const choice = { error: "Not a valid choice." };
const text = z.string().regex(/^[^\p{Cc}]*$/u, "must be one line of text");
const httpCheck = z.object({
  domain: text.nullish(),
  path: text.regex(/^\/\S*$/, "must begin with / and have no spaces").optional(),
  response: text.optional(),
  status_codes: z.array(z.string().regex(/^[1-5?][0-9?][0-9?]$/, "must be codes such as 200 or 2??")).optional(),
  tls: z.boolean().optional(),
});
const healthCheck = z.object({
  protocol: z.enum(["http", "tcp"], choice).optional(),
  port: port.optional(),
  interval: z.int().optional(),
  timeout: z.int().optional(),
  retries: z.int().optional(),
  http: httpCheck.nullish(),
});
const tcpOnly = z.literal("tcp", { error: "must be tcp in the lab, whose load balancers pass on what they get" });

/** What a service is described by when it is added. */
export const newService = z.object({
  protocol: tcpOnly,
  listen_port: port,
  destination_port: port,
  proxyprotocol: z.boolean().default(false),
  health_check: healthCheck.optional(),
});

/** What of a service may be changed; its port tells which one it is. */
export const serviceChange = z.object({
  protocol: tcpOnly.optional(),
  listen_port: port,
  destination_port: port.optional(),
  proxyprotocol: z.boolean().optional(),
  health_check: healthCheck.optional(),
});

const httpDefaults: HttpCheck = { domain: "", path: "/", response: "", statusCodes: ["2??", "3??"], tls: false };

/** A service with what was left out as Hetzner fills it in. */
export function serviceFrom(body: z.output<typeof newService>): BalancedService {
  const { listen_port: listenPort, destination_port: destinationPort, proxyprotocol } = body;
  const defaults: HealthCheck = {
    ...{ protocol: "tcp", port: destinationPort, interval: 15, timeout: 10, retries: 3, http: null },
  };
  return { listenPort, destinationPort, proxyprotocol, healthCheck: checkFrom(defaults, body.health_check ?? {}) };
}

/** A service with what a change names. */
export function changedService(service: BalancedService, body: z.output<typeof serviceChange>): BalancedService {
  return {
    listenPort: service.listenPort,
    destinationPort: body.destination_port ?? service.destinationPort,
    proxyprotocol: body.proxyprotocol ?? service.proxyprotocol,
    healthCheck: checkFrom(service.healthCheck, body.health_check ?? {}),
  };
}

function checkFrom(before: HealthCheck, body: z.output<typeof healthCheck>): HealthCheck {
  const { protocol = before.protocol, port = before.port, interval = before.interval } = body;
  const { timeout = before.timeout, retries = before.retries } = body;
  requireWithin("healthCheckInterval", interval, 3, 60);
  requireWithin("healthCheckTimeout", timeout, 1, interval);
  requireWithin("healthCheckRetries", retries, 1, 5);
  const http = protocol === "http" ? httpFrom(before.http ?? httpDefaults, body.http ?? {}) : null;
  return { protocol, port, interval, timeout, retries, http };
}

function httpFrom(before: HttpCheck, body: z.output<typeof httpCheck>): HttpCheck {
  return {
    domain: body.domain ?? before.domain,
    path: body.path ?? before.path,
    response: body.response ?? before.response,
    statusCodes: body.status_codes ?? before.statusCodes,
    tls: body.tls ?? before.tls,
  };
}

function requireWithin(field: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  const fields = [{ name: `health_check.${field}`, messages: [`Must be between ${least} and ${most}.`] }];
  throw new ApiError(422, "invalid_input", "invalid input in field 'health_check'", { fields });
}

/** Throws when two services listen on one port, or there are more than a type allows. */
export function requireServices(services: readonly BalancedService[], most: number): void {
  const ports = services.map(({ listenPort }) => listenPort);
  const twice = ports.find((each, index) => ports.indexOf(each) !== index);
  if (twice !== undefined) {
    throw new ApiError(422, "source_port_already_used", `source port ${twice} is already in use`);
  }
  if (ports.length > most) throw tooMany("services", most);
}

/** 403: a load balancer has as much of something as its type allows. */
export function tooMany(what: "services" | "targets", most: number): ApiError {
  const limits = [{ name: `load_balancer_${what}_limit` }];
  return new ApiError(403, "resource_limit_exceeded", `load balancer type allows ${most} ${what} at most`, { limits });
}

/** Throws invalid_input unless a load balancer has a service on a port. */
export function requireService(services: readonly BalancedService[], listenPort: number): BalancedService {
  const found = services.find((service) => service.listenPort === listenPort);
  if (!found) throw invalidInput("listen_port", `there is no service with listen port ${listenPort}`);
  return found;
}

/** A service as the API shows it. */
export function serviceView({ listenPort, destinationPort, proxyprotocol, healthCheck }: BalancedService): object {
  const { http, ...check } = healthCheck;
  const { statusCodes, ...asked } = http ?? httpDefaults;
  return {
    ...{ protocol: "tcp", listen_port: listenPort, destination_port: destinationPort, proxyprotocol },
    health_check: { ...check, ...(http === null ? {} : { http: { ...asked, status_codes: statusCodes } }) },
  };
}
