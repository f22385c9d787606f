import * as http from "node:http";
import * as https from "node:https";

import { element } from "../../checks/bbb-api";
import { BbbError } from "./bbb-error";
import { nodeUrl } from "./checksum";
import type { Server } from "./database";

/** How nodes are reached: the certificates (PEM) to trust, asked for each time, and for how long they are waited for. */
export interface NodeOptions {
  trusted?: () => string;
  /** Scalelite's RESPONSE_TIMEOUT and CONNECT_TIMEOUT together; a tenth of it where a server is known to be offline. */
  timeoutMs: number;
}

type Parameters = Record<string, string> | URLSearchParams;

/** Calls the API of nodes, as get_post_req does. */
export class Nodes {
  constructor(private readonly options: NodeOptions) {}

  /**
   * The XML of a SUCCESS, for somebody who waits: not for long where a server is known to be offline.
   * @throws {BbbError} what the node says otherwise; any other error when it does not answer
   */
  call(server: Server, action: string, given: Parameters = {}, xml = ""): Promise<string> {
    return this.ask(nodeUrl(server, action, new URLSearchParams(given)), xml, server.online ? 1 : 0.1);
  }

  /** The same with all the time that there is, as the poller and panicServer take it. */
  patiently(server: Server, action: string, given: Parameters = {}): Promise<string> {
    return this.ask(nodeUrl(server, action, new URLSearchParams(given)), "", 1);
  }

  private async ask(url: string, xml: string, share: number): Promise<string> {
    const body = await this.request(url, xml, share);
    const code = element(body, "returncode");
    if (code === undefined) throw new BbbError("internalError", "Response did not include returncode");
    if (code !== "SUCCESS") throw new BbbError(element(body, "messageKey") ?? "", element(body, "message") ?? "");
    return body;
  }

  private request(url: string, xml: string, share: number): Promise<string> {
    const { trusted, timeoutMs } = this.options;
    const client = url.startsWith("https:") ? https : http;
    const settings = {
      ...{ method: xml ? "POST" : "GET", agent: false as const, signal: AbortSignal.timeout(timeoutMs * share) },
      ...(xml ? { headers: { "Content-Type": "application/xml" } } : {}),
      ...(trusted ? { ca: trusted() } : {}),
    };
    return new Promise((resolve, reject) => {
      const asked = client.request(url, settings, (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("end", () => resolve(Buffer.concat(parts).toString()));
        answer.on("error", reject);
      });
      asked.on("error", reject);
      asked.end(xml);
    });
  }
}
