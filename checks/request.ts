import * as http from "node:http";
import * as https from "node:https";

/** An HTTP answer with its whole body; a 101 has an empty one. */
export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** How to ask; `family` forces IPv4 or IPv6, `milliseconds` bounds the whole exchange (default 5000). */
export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  family?: 4 | 6;
  milliseconds?: number;
}

/** One request over a connection of its own, certificate verified, redirects not followed; throws when there is no answer. */
export function request(url: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = "GET", headers = {}, body, family, milliseconds = 5000 } = options;
  const client = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    const settings = { method, headers, agent: false as const, signal: AbortSignal.timeout(milliseconds) };
    const asked = client.request(url, family ? { ...settings, family } : settings, (answer) => {
      collect(answer).then(resolve, reject);
    });
    asked.on("upgrade", (answer, socket) => {
      socket.destroy();
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.alloc(0) });
    });
    asked.on("error", (error) => reject(explain(error, url, milliseconds)));
    asked.end(body);
  });
}

/** The text of an answer's body. */
export function text(answer: Answer): string {
  return answer.body.toString("utf8");
}

/** An answer in a few words, for reports: status, type, size and where it redirects to. */
export function brief({ status, headers, body }: Answer): string {
  const type = headers["content-type"]?.split(";")[0] ?? "no type";
  return headers.location ? `${status} to ${headers.location}` : `${status} ${type}, ${body.length} bytes`;
}

async function collect(answer: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) };
}

function explain(error: Error, url: string, milliseconds: number): Error {
  if (error.name !== "AbortError" && error.name !== "TimeoutError") return error;
  return new Error(`no answer from ${new URL(url).host} within ${milliseconds / 1000} s`);
}
