import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";

import { configValue } from "./pulumi";
import { withProgress } from "./terminal";

const page = z.looseObject({
  meta: z.looseObject({ pagination: z.looseObject({ next_page: z.number().nullish() }) }).optional(),
});
const action = z.looseObject({
  status: z.string(),
  id: z.number(),
  error: z.looseObject({ message: z.string() }).nullish(),
});

/** What the API says of an object. */
export type Found = Record<string, unknown>;

/** The API of the project that the selected stack is in; throws a sentence when there is no token. */
export async function connectHcloud(): Promise<Hcloud> {
  const { HCLOUD_TOKEN, HCLOUD_ENDPOINT } = process.env;
  const token = ((await configValue("hcloud:token")) ?? HCLOUD_TOKEN)?.trim();
  if (!token)
    throw new Error("there is no API token: neither hcloud:token in the stack's configuration nor HCLOUD_TOKEN");
  // What cannot stand in a header is repeated by the error that fetch throws.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    const remedy = "pulumi config set --secret hcloud:token";
    throw new Error(`the API token must be one line of letters and digits (its value is not shown); run: ${remedy}`);
  }
  const endpoint = (await configValue("hcloud:endpoint")) ?? HCLOUD_ENDPOINT ?? "https://api.hetzner.cloud/v1";
  if (!URL.canParse(endpoint)) {
    throw new Error(
      `hcloud:endpoint must be a URL, got ${JSON.stringify(endpoint)}; run: pulumi config rm hcloud:endpoint`,
    );
  }
  return new Hcloud(token, endpoint);
}

/** The few calls of Hetzner's API that the commands need. */
export class Hcloud {
  constructor(
    private readonly token: string,
    private readonly endpoint: string,
    private readonly signal?: AbortSignal,
  ) {}

  /** The same, but every call and every wait ends with an error as soon as the signal says so. */
  until(signal: AbortSignal): Hcloud {
    return new Hcloud(this.token, this.endpoint, signal);
  }

  /** All objects of a list such as `/servers?label_selector=…`, page by page. */
  async list(path: string, key: string): Promise<Found[]> {
    const found: Found[] = [];
    for (let number: number | null | undefined = 1; number; ) {
      const answer = await this.ask("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=50&page=${number}`);
      found.push(...z.array(z.looseObject({})).parse(answer?.[key] ?? []));
      number = page.parse(answer ?? {}).meta?.pagination.next_page;
    }
    return found;
  }

  /** What is at a path such as `/servers/42`, under its key; undefined when nothing is there. */
  async get(path: string, key: string): Promise<Found | undefined> {
    return (await this.ask("GET", path))?.[key] as Found | undefined;
  }

  /** Deletes what is at a path, and waits until that is done; fine when nothing is there. */
  async delete(path: string): Promise<void> {
    await this.finish(await this.ask("DELETE", path));
  }

  /** Powers a server on, and waits until that is done. */
  async start(id: string): Promise<void> {
    await this.finish(await this.ask("POST", `/servers/${id}/actions/poweron`));
  }

  /** Makes something, or has something done, by a POST; resolves to the whole answer when its action is done. */
  async post(path: string, body: object): Promise<Found> {
    const answer = await this.ask("POST", path, body);
    if (answer === undefined) throw new Error(`Hetzner answers POST ${path} with not_found`);
    await this.finish(answer);
    return answer;
  }

  private async finish(answer: Found | undefined): Promise<void> {
    const parsed = action.safeParse(answer?.["action"]);
    if (!parsed.success) return;
    let { data } = parsed;
    // Some actions take many minutes, and the number of requests is limited.
    for (let pause = leastPause; data.status === "running"; pause = Math.min(2 * pause, mostPause)) {
      await delay(pause, undefined, this.signal && { signal: this.signal });
      const [polled] = await this.list(`/actions?id=${data.id}`, "actions");
      data = action.parse(polled);
    }
    if (data.status !== "success") throw new Error(`Hetzner could not do that: ${data.error?.message ?? data.status}`);
  }

  /** The answer; undefined when there is no such object, or nothing is said. */
  private async ask(method: string, path: string, body?: object): Promise<Found | undefined> {
    const headers = { Authorization: `Bearer ${this.token}` };
    const signal = AbortSignal.any([AbortSignal.timeout(patience), ...(this.signal ? [this.signal] : [])]);
    const content = body && { body: JSON.stringify(body) };
    const { host } = new URL(this.endpoint);
    const sent = fetch(`${this.endpoint}${path}`, { method, headers, signal, ...content });
    const response = await withProgress(`asking ${host}`, sent).catch((error: Error) => {
      this.signal?.throwIfAborted();
      throw new Error(`Hetzner's API at ${host} cannot be asked: ${reasonOf(error)}`);
    });
    if (response.status === 204) return undefined;
    const said = (await response.json().catch(() => ({}))) as { error?: { code?: string; message?: string } } & Found;
    // Anybody on the way may answer 404: what is gone is forgotten, so only Hetzner's own word counts.
    if (said.error?.code === "not_found") return undefined;
    if (said.error?.code === "locked") {
      await delay(mostPause, undefined, this.signal && { signal: this.signal });
      return this.ask(method, path, body);
    }
    if (!response.ok) {
      const { code = response.status, message = response.statusText } = said.error ?? {};
      throw new Error(`Hetzner answers ${method} ${path.split("?")[0]} with ${code}: ${message}`);
    }
    return said;
  }
}

/** fetch itself says no more than that it failed. */
function reasonOf({ message, cause }: Error): string {
  const { code, message: said } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  return code ?? said ?? message;
}

const leastPause = 100;
const mostPause = 4000;
const patience = 60_000;
