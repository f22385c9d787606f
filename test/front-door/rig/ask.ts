import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { type Agent, request } from "node:https";

import type { FrontDoor } from "./front-door";
import { ADDRESS } from "./nginx";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Question {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string;
  agent?: Agent;
  /** How long to wait for the answer. */
  milliseconds?: number;
}

/** Asks the front door for a path, as a browser does. */
export function ask(door: FrontDoor, path: string, { body, milliseconds, ...options }: Question = {}): Promise<Answer> {
  const { hostname } = door;
  const where = { host: ADDRESS, port: 443, path, servername: hostname, ca: door.authority };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(milliseconds ?? 30_000);
    const sent = request(
      { ...where, signal, ...options, headers: { host: hostname, ...options.headers } },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}
