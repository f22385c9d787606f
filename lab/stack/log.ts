import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Lab } from "../paths";

/** What the lab says while it works. */
export interface Log {
  line(text: string): void;
  /** Makes room for somebody else's display. */
  clear(): void;
  /** Where it can be read afterwards, if it was not simply printed. */
  file?: string;
}

/** A log on stderr: on a terminal one line that is written over, the whole in a file; otherwise line by line. */
export function openLog(lab: Lab): Log {
  if (!process.stderr.isTTY || !process.stdout.isTTY) {
    return { line: (text) => void process.stderr.write(`${text}\n`), clear: () => {} };
  }
  const file = join(lab.logs, "up.log");
  mkdirSync(lab.folder, { recursive: true, mode: 0o700 });
  mkdirSync(lab.logs, { recursive: true });
  const clear = () => void process.stderr.write("\r\u001b[K");
  const line = (text: string) => {
    appendFileSync(file, `${new Date().toISOString()} ${text}\n`);
    clear();
    process.stderr.write(text.split("\n")[0]?.slice(0, (process.stderr.columns ?? 80) - 1) ?? "");
  };
  return { line, clear, file };
}
