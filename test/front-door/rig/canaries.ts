import type { CountingServer } from "./node";

/** A request as it reached what is behind nginx. */
export interface Arrival {
  /** Which node, the method, and the path as it was written: "bbb-01 GET /bbb-01/html5client/". */
  line: string;
  headers: Record<string, string>;
  body: string;
}

export const CANARY = "canary-in-the-node";

/** Every path of every node sings: what reaches one is seen there, and in the answer. */
export class Canaries {
  private arrived: Arrival[] = [];

  constructor(private readonly servers: readonly CountingServer[]) {
    for (const server of servers) this.settle(server);
  }

  private settle(server: CountingServer): void {
    const { name } = server;
    server.handler = async (request, response) => {
      const line = `${name} ${request.method} ${request.url}`;
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, `${value}`]));
      this.arrived.push({ line, headers, body: Buffer.concat(parts).toString("latin1") });
      response.writeHead(200, { "content-type": "text/plain", "cache-control": "no-store" }).end(`${CANARY} ${line}\n`);
    };
  }

  /** What has reached a node since this was asked last; what is no request at all, too. */
  take(): Arrival[] {
    const malformed = this.servers.flatMap((server) =>
      server.traffic.malformed.map((bytes) => ({ line: `${server.name} malformed ${bytes}`, headers: {}, body: "" })),
    );
    const taken = [...this.arrived, ...malformed];
    this.arrived = [];
    for (const server of this.servers) server.count();
    return taken;
  }
}
