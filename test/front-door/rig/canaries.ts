import type { FrontDoor } from "./front-door";

/** A request as it reached a node. */
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

  constructor(private readonly door: FrontDoor) {
    for (const { name } of door.nodes) this.settle(name);
  }

  private settle(name: string): void {
    const node = this.door.nodes.find((other) => other.name === name);
    if (!node) throw new Error(`no node listens as ${name}`);
    node.handler = async (request, response) => {
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
    const malformed = this.door.nodes.flatMap((node) =>
      node.traffic.malformed.map((bytes) => ({ line: `${node.name} malformed ${bytes}`, headers: {}, body: "" })),
    );
    const taken = [...this.arrived, ...malformed];
    this.arrived = [];
    for (const node of this.door.nodes) node.count();
    return taken;
  }
}
