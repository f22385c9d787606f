import { z } from "zod";

import { withProgress } from "../terminal";

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

/** The few calls of Hetzner's API that are needed to look, to delete and to start. */
export class Hcloud {
  constructor(
    private readonly token: string,
    private readonly endpoint: string,
  ) {}

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

  private async finish(answer: Found | undefined): Promise<void> {
    const parsed = action.safeParse(answer?.["action"]);
    if (!parsed.success) return;
    let { data } = parsed;
    while (data.status === "running") {
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
      const [polled] = await this.list(`/actions?id=${data.id}`, "actions");
      data = action.parse(polled);
    }
    if (data.status !== "success") throw new Error(`Hetzner could not do that: ${data.error?.message ?? data.status}`);
  }

  /** The answer; undefined when there is no such object, or nothing is said. */
  private async ask(method: string, path: string): Promise<Found | undefined> {
    const headers = { Authorization: `Bearer ${this.token}` };
    const sent = fetch(`${this.endpoint}${path}`, { method, headers, signal: AbortSignal.timeout(patience) });
    const response = await withProgress(`asking ${new URL(this.endpoint).host}`, sent);
    if (response.status === 204) return undefined;
    const body = (await response.json().catch(() => ({}))) as { error?: { code?: string; message?: string } } & Found;
    // Anybody on the way may answer 404: what is gone is forgotten, so only Hetzner's own word counts.
    if (body.error?.code === "not_found") return undefined;
    if (!response.ok) {
      const { code = response.status, message = response.statusText } = body.error ?? {};
      throw new Error(`Hetzner answers ${method} ${path.split("?")[0]} with ${code}: ${message}`);
    }
    return body;
  }
}

const pollMilliseconds = 500;
const patience = 60_000;
