import { type Context, Hono } from "hono";

import { unsupportedContentType } from "./bbb-error";
import { verifyChecksum } from "./checksum";
import type { Database, Server } from "./database";
import type { Nodes } from "./nodes";
import { endOf } from "./poller";

type Body = Record<string, unknown> & { server?: Record<string, unknown> };
const states = { enable: "enabled", cordon: "cordoned", disable: "disabled" } as const;

/** Servers by HTTP, `/scalelite/api` (api/servers_controller.rb). Tenants are left out. */
export function serversApi(database: Database, nodes: Nodes, secret: string): Hono {
  const app = new Hono();
  const withServer =
    (action: string, then: (c: Context, server: Server, body: Body) => Response | Promise<Response>) =>
    async (c: Context) => {
      const body = await checked(c, action, secret);
      const id = String(body["id"] ?? c.req.query("id"));
      const server = database.server(id);
      return server ? then(c, server, body) : c.json({ error: `Couldn't find server with id=${id}` }, 404);
    };
  app.get("/getServers", async (c) => {
    await checked(c, "getServers", secret);
    const servers = database.servers();
    return servers.length > 0 ? c.json(servers.map(shown)) : c.json({ error: "No servers are configured" }, 404);
  });
  app.get(
    "/getServerInfo",
    withServer("getServerInfo", (c, server) => c.json(shown(server))),
  );
  app.post("/addServer", async (c) => addServer(c, database, await checked(c, "addServer", secret)));
  app.post(
    "/updateServer",
    withServer("updateServer", (c, server, body) => updateServer(c, database, server, body)),
  );
  app.post(
    "/deleteServer",
    withServer("deleteServer", (c, server) => {
      database.removeServer(server);
      return c.json({ success: `Server id=${server.id} was destroyed` });
    }),
  );
  app.post(
    "/panicServer",
    withServer("panicServer", (c, server, body) => panicServer(c, database, nodes, server, body)),
  );
  return app;
}

/** The checksum covers the query alone; a body has to be JSON. */
async function checked(c: Context, action: string, secret: string): Promise<Body> {
  const text = c.req.method === "POST" ? await c.req.text() : "";
  if (text !== "" && !/^application\/json\b/.test(c.req.header("Content-Type") ?? "")) throw unsupportedContentType();
  verifyChecksum(action, new URL(c.req.url).search.slice(1), secret);
  return text === "" ? {} : (JSON.parse(text) as Body);
}

function addServer(c: Context, database: Database, { server: given = {} }: Body): Response {
  const [url, secret, tag] = ["url", "secret", "tag"].map((name) => String(given[name] ?? "")) as [
    string,
    string,
    string,
  ];
  if (url === "" || secret === "") return c.json({ error: "Server needs a URL and a secret" }, 400);
  const loadMultiplier = Number(given["load_multiplier"]) || 1;
  return c.json(shown(database.addServer({ url, secret, tag, loadMultiplier })), 201);
}

function updateServer(c: Context, database: Database, server: Server, { server: changes = {} }: Body): Response {
  const { state, secret, tag, load_multiplier: multiplier } = changes;
  if (state && !(String(state) in states)) return c.json({ error: `Invalid state parameter: ${state}` }, 400);
  if (multiplier && !Number(multiplier)) return c.json({ error: "Load-multiplier must be a non-zero number" }, 400);
  if (state) database.setState(server, states[state as keyof typeof states]);
  if (multiplier) server.loadMultiplier = Number(multiplier);
  if (secret) server.secret = String(secret);
  if (tag !== undefined && tag !== null) server.tag = String(tag);
  return c.json(shown(server));
}

/** The first meeting that the node does not end is taken out, and ends it all: the state stays, the others too. */
async function panicServer(
  c: Context,
  database: Database,
  nodes: Nodes,
  server: Server,
  body: Body,
): Promise<Response> {
  try {
    for (const meeting of database.meetings().filter(({ serverId }) => serverId === server.id)) {
      database.removeMeeting(meeting);
      await nodes.patiently(server, "end", endOf(meeting));
    }
  } catch {
    return c.json({ error: `Couldn't disable server id=${server.id}` }, 400);
  }
  if (!body["keep_state"]) database.setState(server, "disabled");
  return c.json({ success: `Server id=${server.id} has been disabled and the meetings have been destroyed` });
}

function shown({ id, url, secret, tag, bbbVersion, state, load, loadMultiplier, online }: Server): object {
  return {
    ...{ id, url, secret, tag, bbb_version: bbbVersion, state, load: load ?? "unavailable" },
    ...{ load_multiplier: loadMultiplier.toFixed(1), online: online ? "online" : "offline" },
  };
}
