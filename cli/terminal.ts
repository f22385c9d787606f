import type { WriteStream } from "node:tty";

const codes = { green: 32, yellow: 33, red: 31, dim: 2 };

/** Colours for what goes to a stream: none unless that is a terminal, and none with NO_COLOR. */
export function painter(stream: Pick<WriteStream, "isTTY">): (colour: keyof typeof codes, text: string) => string {
  const wanted = stream.isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  return (colour, text) => (wanted ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text);
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
