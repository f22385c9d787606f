import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type Context, Hono } from "hono";

import { BbbError, failure, unsupportedRequest } from "./bbb-error";
import { Database } from "./database";
import { meetingsApi, type Release } from "./meetings-api";
import { Nodes } from "./nodes";
import { poll } from "./poller";
import { serversApi } from "./servers-api";

/** How Scalelite is set up. */
export interface ScaleliteOptions {
  /** LOADBALANCER_SECRET. */
  secret: string;
  /** Addresses to listen on. */
  hosts: string[];
  /** 0 picks a free port. */
  port: number;
  /** Where its database lies; left out: it is lost at the end. */
  file?: string;
  /** Certificate and key (PEM); left out: http. */
  tls?: { cert: string; key: string };
  /** The certificates (PEM) that nodes are trusted by. */
  trusted?: () => string;
  /** Scalelite's own default is a minute; 0: only when it is asked to. */
  pollMs: number;
  timeoutMs?: number;
  release?: Release;
  log?: (line: string) => void;
}

/** A Scalelite that runs: its URL, what it knows, and a poll at once. */
export interface Scalelite {
  url: string;
  database: Database;
  poll(): Promise<void>;
  close(): Promise<void>;
}

const defaultTimeoutMs = 10_000;

/**
 * Starts an emulation of Scalelite's HTTP APIs, by its source (blindsidenetworks/scalelite at 7498a81dc8, and v1.5.3 for
 * the release 1.5): as strict with checksums, states and servers that do not answer.
 */
export async function startScalelite(options: ScaleliteOptions): Promise<Scalelite> {
  const { secret, tls, pollMs, release = "1.5", log = () => undefined } = options;
  const database = new Database(options.file);
  const nodes = new Nodes({
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    ...(options.trusted ? { trusted: options.trusted } : {}),
  });
  const app = new Hono({ strict: false });
  app.use(async (_, next) => {
    await next();
    database.save();
  });
  app.route("/scalelite/api", serversApi(database, nodes, secret));
  app.route("/bigbluebutton/api", meetingsApi({ database, nodes, secret, release }));
  app.get("/health_check", (c) => c.text("success"));
  app.notFound((c) => explained(c, unsupportedRequest(), log));
  app.onError((error, c) => explained(c, error, log));
  const servers = await Promise.all(options.hosts.map((host) => listen(app, host, options.port, tls)));
  const pollOnce = () => poll(database, nodes);
  const stop = repeatedly(pollOnce, pollMs, log);
  const [where] = servers.map((server) => server.address() as AddressInfo);
  return {
    url: `${tls ? "https" : "http"}://${where?.address}:${where?.port}`,
    database,
    poll: pollOnce,
    close: async () => {
      const closed = servers.map((server) => {
        if ("closeAllConnections" in server) server.closeAllConnections();
        return new Promise<void>((resolve) => server.close(() => resolve()));
      });
      await Promise.all([...closed, stop()]);
      database.save();
    },
  };
}

/** Its own errors have status 200; what it did not expect is Rails' page. */
function explained(c: Context, error: Error, log: (line: string) => void): Response {
  if (error instanceof BbbError) {
    return c.body(failure(error), 200, { "Content-Type": "application/xml; charset=utf-8" });
  }
  log(`${c.req.method} ${c.req.path} failed: ${error.message}`);
  return c.html("<html><body><h1>We're sorry, but something went wrong.</h1></body></html>", 500);
}

/** Again and again, with a pause after each; returns what ends it. */
function repeatedly(step: () => Promise<void>, pauseMs: number, log: (line: string) => void): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = pauseMs === 0;
  const again = () => {
    if (stopped) return;
    running = step().catch((error: Error) => log(`the poller failed: ${error.message}`));
    running.then(() => {
      if (!stopped) timer = setTimeout(again, pauseMs);
    });
  };
  again();
  return () => {
    stopped = true;
    clearTimeout(timer);
    return running;
  };
}

function listen(app: Hono, host: string, port: number, tls: ScaleliteOptions["tls"]) {
  return new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const secure = tls ? { createServer: createTlsServer, serverOptions: tls } : {};
    const server = serve({ fetch: app.fetch, hostname: host, port, ...secure }, () => resolve(server));
    server.once("error", reject);
  });
}
