import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { gate } from "../../../lab/test/api/gate";
import { type Call, resultOf } from "./call";
import { Trap } from "./trap";

/** Which calls a rule is for. */
export type Matcher = (call: Call) => boolean;

/** A rule that makes calls wait. */
export interface Hold {
  /** Resolves when the first call waits. */
  reached: Promise<void>;
  /** Lets those that wait go on, and later ones pass. */
  release(): void;
}

/** The machines' end of the command plugin: takes down every call and answers at once, unless told otherwise. */
export class Commands {
  readonly calls: Call[] = [];
  /** Sprung by calls. */
  readonly trap = new Trap();
  private rules: { matches: Matcher; act: (call: Call) => Promise<string | undefined> }[] = [];
  private readonly server = createServer((request, response) => {
    this.take(request)
      .then((answer) => response.end(JSON.stringify(answer)))
      .catch((error: Error) => response.end(JSON.stringify({ error: error.message })));
  });

  /** Listens on a free port; resolves to the address that the plugin asks. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Makes calls fail; the next `times` of them, or until `heal`. */
  fail(matches: Matcher, message: string, times = Number.POSITIVE_INFINITY): void {
    let left = times;
    this.rules.push({
      matches: (call) => left > 0 && matches(call),
      act: async () => {
        left -= 1;
        return message;
      },
    });
  }

  /** Makes calls hang until they are released or their client is killed. */
  hang(matches: Matcher): Hold {
    const [reached, released] = [gate(), gate()];
    const act = async () => {
      reached.open();
      await released.promise;
      return undefined;
    };
    this.rules.push({ matches, act });
    return { reached: reached.promise, release: released.open };
  }

  /** Lets calls take as long as this does. */
  carryOut(matches: Matcher, work: () => Promise<unknown>): void {
    this.rules.push({ matches, act: async () => void (await work()) });
  }

  /** Forgets all rules. */
  heal(): void {
    this.rules = [];
  }

  private async take(request: IncomingMessage): Promise<{ stdout: string } | { error: string }> {
    const call: Call = { ...JSON.parse(await text(request)), done: false };
    this.calls.push(call);
    if (await this.trap.before()) return { error: "cut off" };
    for (const rule of this.rules.filter(({ matches }) => matches(call))) {
      const error = await rule.act(call);
      if (error !== undefined) return { error };
    }
    call.done = true;
    await this.trap.after();
    return { stdout: resultOf(call) };
  }
}
