import { randomBytes } from "node:crypto";
import * as http from "node:http";
import * as https from "node:https";
import type { Duplex } from "node:stream";

import { Mismatch } from "../check";

/** What a page says when it opens a websocket. */
export interface Handshake {
  origin: string;
  cookie: string;
  protocol?: string | undefined;
}

const openMilliseconds = 4000;

/** A websocket as a browser opens it (RFC 6455); messages are taken one after the other. */
export class WebSocketClient {
  private readonly waiting: ((message: Buffer | null) => void)[] = [];
  private readonly received: Buffer[] = [];
  private rest: Buffer = Buffer.alloc(0);
  private closed = false;

  private constructor(
    private readonly url: string,
    private readonly stream: Duplex,
  ) {
    stream.on("data", (data: Buffer) => this.take(data));
    for (const event of ["close", "end", "error"]) stream.on(event, () => this.finish());
  }

  /** Opens it; throws a `Mismatch` with what the server answered instead. */
  static open(url: string, { origin, cookie, protocol }: Handshake): Promise<WebSocketClient> {
    const target = url.replace(/^ws/, "http");
    const headers = {
      ...{ Connection: "Upgrade", Upgrade: "websocket", Origin: origin, "Sec-WebSocket-Version": "13" },
      "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
      ...(cookie ? { Cookie: cookie } : {}),
      ...(protocol ? { "Sec-WebSocket-Protocol": protocol } : {}),
    };
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Mismatch(`${url.split("?")[0]}: ${why}`));
      const client = target.startsWith("https:") ? https : http;
      const asked = client.get(target, { headers, agent: false, signal: AbortSignal.timeout(openMilliseconds) });
      asked.on("upgrade", (_, socket, head) => {
        const opened = new WebSocketClient(url, socket);
        opened.take(head);
        resolve(opened);
      });
      asked.on("response", (answer) => {
        answer.resume();
        fail(`answered ${answer.statusCode} instead of a websocket`);
      });
      asked.on("error", (error) => fail(error.message));
    });
  }

  send(text: string): void {
    const payload = Buffer.from(text);
    const mask = randomBytes(4);
    const size =
      payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 255];
    this.stream.write(
      Buffer.concat([Buffer.from([0x81, ...size]), mask, payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))]),
    );
  }

  /** The next message; throws a `Mismatch` when the server closes or says nothing for so long. */
  async next(milliseconds = openMilliseconds): Promise<Buffer> {
    const message = this.received.shift() ?? (await this.wait(milliseconds));
    if (message === null) throw new Mismatch(`${this.url.split("?")[0]}: ${this.closed ? "closed" : "no answer"}`);
    return message;
  }

  close(): void {
    this.stream.destroy();
  }

  private wait(milliseconds: number): Promise<Buffer | null> {
    if (this.closed) return Promise.resolve(null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.give(null), milliseconds);
      this.waiting.push((message) => {
        clearTimeout(timer);
        resolve(message);
      });
    });
  }

  private give(message: Buffer | null): void {
    const taker = this.waiting.shift();
    if (taker) taker(message);
    else if (message) this.received.push(message);
  }

  private finish(): void {
    this.closed = true;
    while (this.waiting.length > 0) this.give(null);
  }

  private take(data: Buffer): void {
    this.rest = Buffer.concat([this.rest, data]);
    for (let frame = readFrame(this.rest); frame; frame = readFrame(this.rest)) {
      this.rest = this.rest.subarray(frame.length);
      if (frame.opcode === 8) this.finish();
      else if (frame.opcode === 1 || frame.opcode === 2) this.give(frame.payload);
    }
  }
}

/** The first whole frame of what a server sent, with the bytes that it takes; undefined while some are missing. */
export function readFrame(data: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (data.length < 2) return undefined;
  const short = data.readUInt8(1) & 127;
  const head = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (data.length < head) return undefined;
  const size = short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
  if (data.length < head + size) return undefined;
  return { opcode: data.readUInt8(0) & 15, payload: data.subarray(head, head + size), length: head + size };
}
