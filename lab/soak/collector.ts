import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";

import type { Served, Told } from "./evidence";
import { goneAt, readRequestLog, readWebLog, requestLog, type Source, webLog } from "./logs";
import { proxyName } from "./oracle/requests";

const everyMilliseconds = 500;

/** A file that grows, read as far as it goes; it may begin anew, as logs do that are rotated. */
interface Followed {
  offset: number;
  chunks: Buffer[];
}

/** Reads the logs of machines from their disks as they are written, since a machine that is deleted takes its logs along. */
export class Collector {
  private readonly files = new Map<string, Followed>();
  private readonly machines = new Map<string, string>();
  private readonly gone: Told[] = [];
  private readonly timer = setInterval(() => this.look(), everyMilliseconds);

  /** @param folder with one folder per machine */
  constructor(private readonly folder: string) {}

  /** Reads what there is now. */
  look(): void {
    const there = readdirSync(this.folder).filter((entry) => /^\d+$/.test(entry));
    for (const machine of there) {
      const node = this.machines.get(machine) ?? nameIn(join(this.folder, machine));
      if (node === undefined) continue;
      this.machines.set(machine, node);
      this.follow(machine, isNode(node) ? webLog : requestLog);
    }
    for (const [machine, node] of this.machines) {
      if (there.includes(machine) || !isNode(node) || this.gone.some((each) => each.machine === machine)) continue;
      this.gone.push(goneAt(Date.now(), { machine, node }));
    }
  }

  /** The last look. */
  end(): void {
    clearInterval(this.timer);
    this.look();
  }

  /** What bbb-web told on every node that there was. */
  told(): Told[] {
    return [
      ...this.sources()
        .filter(({ node }) => isNode(node))
        .flatMap((source) => readWebLog(this.text(source), source)),
      ...this.gone,
    ];
  }

  /** What the proxy served, and those before it. */
  served(): Served[] {
    return this.sources()
      .filter(({ node }) => node === proxyName)
      .flatMap((source) => readRequestLog(this.text(source)));
  }

  /** Every log, by a name for a file. */
  logs(): Map<string, string> {
    return new Map(this.sources().map((source) => [`${source.node}-${source.machine}.log`, this.text(source)]));
  }

  private sources(): Source[] {
    return [...this.machines].map(([machine, node]) => ({ machine, node }));
  }

  private text({ machine, node }: Source): string {
    const { chunks } = this.files.get(join(machine, isNode(node) ? webLog : requestLog)) ?? { chunks: [] };
    return Buffer.concat(chunks).toString("utf8");
  }

  private follow(machine: string, log: string): void {
    const key = join(machine, log);
    const followed = this.files.get(key) ?? { offset: 0, chunks: [] };
    this.files.set(key, followed);
    try {
      const file = openSync(join(this.folder, machine, "upper", log), "r");
      try {
        readOn(file, followed);
      } finally {
        closeSync(file);
      }
    } catch {
      // Not written yet, or deleted a moment ago.
    }
  }
}

function readOn(file: number, followed: Followed): void {
  const { size } = fstatSync(file);
  if (size < followed.offset) followed.offset = 0;
  const chunk = Buffer.alloc(size - followed.offset);
  const length = readSync(file, chunk, 0, chunk.length, followed.offset);
  followed.offset += length;
  if (length > 0) followed.chunks.push(chunk.subarray(0, length));
}

function isNode(name: string): boolean {
  return /^bbb-\d+$/.test(name);
}

function nameIn(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, "name"), "utf8").trim();
  } catch {
    return undefined;
  }
}
