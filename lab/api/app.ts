import { timingSafeEqual } from "node:crypto";
import { type Context, Hono, type Next } from "hono";

import { readBody } from "./body";
import type { Cloud } from "./cloud";
import { ApiError, conflict } from "./errors";
import { faultSettings } from "./faults";
import { RateLimit } from "./rate-limit";
import { actionRoutes } from "./routes/actions";
import { catalogueRoutes } from "./routes/catalogue";
import { firewallRoutes } from "./routes/firewalls";
import { imageRoutes } from "./routes/images";
import { loadBalancerRoutes } from "./routes/load-balancers";
import { networkRoutes } from "./routes/networks";
import { placementGroupRoutes } from "./routes/placement-groups";
import { primaryIpRoutes } from "./routes/primary-ips";
import { recordSetRoutes } from "./routes/rrsets";
import { serverRoutes } from "./routes/servers";
import { sshKeyRoutes } from "./routes/ssh-keys";
import { volumeRoutes } from "./routes/volumes";
import { zoneRoutes } from "./routes/zones";

/** The HTTP application: `/v1` as clients know it, `/_lab/faults` for the lab. */
export function createApp(cloud: Cloud, token: string, rateLimit = new RateLimit()): Hono {
  const app = new Hono();
  app.use(authenticated(token));
  app.use("/v1/*", limited(rateLimit), faulty(cloud), saved(cloud));
  const resources = [actionRoutes, firewallRoutes, imageRoutes, networkRoutes, placementGroupRoutes, primaryIpRoutes];
  for (const routes of [
    ...resources,
    catalogueRoutes,
    loadBalancerRoutes,
    recordSetRoutes,
    serverRoutes,
    sshKeyRoutes,
    volumeRoutes,
    zoneRoutes,
  ]) {
    app.route("/v1", routes(cloud));
  }
  app.get("/_lab/faults", (c) => c.json(cloud.faults.all()));
  app.put("/_lab/faults", async (c) => {
    cloud.faults.set(await readBody(c, faultSettings));
    await cloud.balancers.applyAll();
    return c.json(cloud.faults.all());
  });
  app.notFound((c) => {
    cloud.log(`no such endpoint: ${c.req.method} ${c.req.path}`);
    return c.json(new ApiError(404, "not_found", `the lab has no ${c.req.method} ${c.req.path}`).body(), 404);
  });
  app.onError((error, c) => answer(error, c, cloud));
  return app;
}

function answer(error: Error, c: Context, cloud: Cloud): Response {
  if (error instanceof ApiError) return c.json(error.body(), error.status);
  cloud.log(`${c.req.method} ${c.req.path} failed: ${error.stack}`);
  return c.json(new ApiError(500, "server_error", `the lab's API failed: ${error.message}`).body(), 500);
}

function authenticated(token: string) {
  const expected = Buffer.from(`Bearer ${token}`);
  return async (c: Context, next: Next) => {
    const given = Buffer.from(c.req.header("Authorization") ?? "");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new ApiError(401, "unauthorized", "unable to authenticate");
    }
    await next();
  };
}

function limited(rateLimit: RateLimit) {
  return async (c: Context, next: Next) => {
    const allowed = rateLimit.take();
    for (const [name, value] of Object.entries(rateLimit.headers())) c.header(name, value);
    if (!allowed) throw tooManyRequests();
    await next();
  };
}

// What a request changed is on file before its answer leaves.
function saved(cloud: Cloud) {
  return async (_: Context, next: Next) => {
    await next();
    cloud.store.flush();
  };
}

function faulty({ faults }: Cloud) {
  return async (c: Context, next: Next) => {
    const occasion = { method: c.req.method, path: c.req.path };
    const writes = c.req.method !== "GET";
    if (faults.take("rate-limit", occasion)) throw tooManyRequests();
    if (faults.take("unavailable", occasion)) throw new ApiError(503, "unavailable", "the service is unavailable");
    if (writes && faults.take("conflict", occasion)) throw conflict("the resource has changed; try again");
    if (writes && faults.take("locked", occasion))
      throw new ApiError(423, "locked", "the resource is locked; try again");
    if (c.req.method === "POST" && takesStock.test(c.req.path) && faults.take("out-of-stock", occasion)) {
      throw new ApiError(412, "resource_unavailable", "error during placement: the server type is out of stock");
    }
    const gateway = faults.take("bad-gateway", occasion);
    const timeout = gateway ? undefined : faults.take("timeout", occasion);
    const lost = gateway ?? timeout;
    if (!lost || lost.afterwards) await next();
    if (faults.take("no-answer", occasion)) await faults.hold();
    if (timeout) throw new ApiError(504, "timeout", "the request timed out");
    if (gateway)
      c.res = new Response("<html>502 Bad Gateway</html>", { status: 502, headers: { "Content-Type": "text/html" } });
  };
}

const takesStock = /^\/v1\/servers(\/\d+\/actions\/change_type)?$/;

function tooManyRequests(): ApiError {
  return new ApiError(429, "rate_limit_exceeded", "limit of 3600 requests per hour reached");
}
