import { execFileSync } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { ListenOptions, Server, Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { TLSSocket } from "node:tls";

import type { Certificate } from "./certificates";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What arrived at a node since the counting began. */
export interface Traffic {
  requests: IncomingMessage[];
  /** What is no request. */
  malformed: string[];
  /** TLS versions of the connections, one each. */
  connections: string[];
  /** In both directions, with TLS. */
  bytes: number;
}

/** A web server behind nginx, which answers what a test says. */
export class CountingServer {
  handler: Handler = (_, response) => response.writeHead(404).end();
  private readonly sockets = new Set<Socket>();
  private counted: Omit<Traffic, "bytes"> = { requests: [], malformed: [], connections: [] };
  private closedBytes = 0;

  constructor(
    readonly name: string,
    private readonly server: Server,
    private readonly place: ListenOptions,
  ) {
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      this.counted.requests.push(request);
      this.handler(request, response);
    });
    server.on("secureConnection", (socket: TLSSocket) => this.counted.connections.push(socket.getProtocol() ?? ""));
    server.on("connection", (socket: Socket) => {
      this.sockets.add(socket);
      socket.on("close", () => {
        this.sockets.delete(socket);
        this.closedBytes += bytesOf(socket);
      });
    });
    server.on("tlsClientError", () => {});
    server.on("clientError", (error: Error & { rawPacket?: Buffer }, socket: Socket) => {
      if (error.rawPacket) this.counted.malformed.push(error.rawPacket.toString("latin1"));
      socket.destroy();
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(this.place, resolve));
  }

  /** Counts from here on. */
  count(): void {
    this.counted = { requests: [], malformed: [], connections: [] };
    this.closedBytes = -[...this.sockets].reduce((sum, socket) => sum + bytesOf(socket), 0);
  }

  get traffic(): Traffic {
    const open = [...this.sockets].reduce((sum, socket) => sum + bytesOf(socket), 0);
    return { ...this.counted, bytes: this.closedBytes + open };
  }

  /** Ends the connections that are kept open. */
  async forget(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    while (this.sockets.size > 0) await setTimeout(5);
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** A node's. */
export class NodeServer extends CountingServer {
  constructor(
    name: string,
    readonly hostname: string,
    readonly address: string,
    { chain, key }: Certificate,
  ) {
    const server = createServer({ cert: chain, key, keepAliveTimeout: 60_000 });
    super(name, server, { port: 443, host: address });
  }

  /** Nothing that is sent to it arrives any more, until `join`. */
  cutOff(): void {
    nft(`add table inet ${this.name}`);
    nft(`add chain inet ${this.name} input { type filter hook input priority 0; }`);
    nft(`add rule inet ${this.name} input ip daddr ${this.address} tcp dport 443 drop`);
  }

  join(): void {
    nft(`delete table inet ${this.name}`);
  }
}

function nft(command: string): void {
  execFileSync("nft", [command]);
}

function bytesOf(socket: Socket): number {
  return socket.bytesRead + socket.bytesWritten;
}
