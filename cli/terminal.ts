import type { WriteStream } from "node:tty";

const codes = { green: 32, yellow: 33, red: 31, dim: 2 };

/** Colours for what goes to a stream: none unless that is a terminal, and none with NO_COLOR. */
export function painter(stream: Pick<WriteStream, "isTTY">): (colour: keyof typeof codes, text: string) => string {
  const wanted = stream.isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  return (colour, text) => (wanted ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text);
}

const leastMilliseconds = 5 * 60_000;

/**
 * What long work tells: what was done as lines, and what it waits for as one line that changes on a terminal; elsewhere
 * as a line at first and every five minutes.
 */
export class Progress {
  private waiting = "";
  private said = "";
  private last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly stream: Pick<WriteStream, "isTTY" | "columns"> & { write(text: string): unknown } = process.stdout,
    private readonly now: () => number = Date.now,
  ) {}

  /** Says what was done; the same twice only once. */
  say(line: string): void {
    if (line === this.said) return;
    this.said = line;
    this.clear();
    this.stream.write(`${this.time()} ${line}\n`);
    this.draw();
  }

  /** Says what is waited for. */
  wait(text: string): void {
    this.clear();
    this.waiting = text;
    this.draw();
    if (this.stream.isTTY || text === "" || this.now() - this.last < leastMilliseconds) return;
    this.last = this.now();
    this.say(text);
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.wait("");
  }

  private draw(): void {
    if (!this.stream.isTTY || this.waiting === "") return;
    this.stream.write(`${this.time()} ${this.waiting}`.slice(0, Math.max(20, (this.stream.columns ?? 80) - 1)));
  }

  private clear(): void {
    if (this.stream.isTTY && this.waiting !== "") this.stream.write("\r\u001b[2K");
  }

  private time(): string {
    return new Date(this.now()).toTimeString().slice(0, 8);
  }
}

const patienceMilliseconds = 1000;

/** Does the work, and says on stderr what is being done when it takes longer than a second. */
export async function withProgress<T>(what: string, work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => process.stderr.write(`${what} …\n`), patienceMilliseconds);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
