import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a machine tells: each series with its value, which may depend on the time and on how often it was told. */
export type Samples = Map<string, string>;

/** The samples of files of `samples/`, one after the other. */
export function samplesOf(...files: string[]): Samples {
  const text = files.map((file) => readFileSync(join(__dirname, "..", "samples", `${file}.prom`), "utf8")).join("");
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => split(line)));
}

/** The page that an exporter shows. */
export function render(samples: Samples, turn: number): string {
  return [...samples].map(([series, value]) => `${series} ${evaluate(value, turn)}\n`).join("");
}

function split(line: string): [string, string] {
  const end = line.lastIndexOf(" ");
  return [line.slice(0, end), line.slice(end + 1)];
}

/** A number, `now` with seconds added or taken, or the `turn`, times a number. */
function evaluate(value: string, turn: number): number {
  const [, factor, word, offset] = value.match(/^(?:([\d.e]+)\*)?(now|turn)([+-]\d+)?$/) ?? [];
  if (word === undefined) return Number(value);
  return Number(factor ?? 1) * (word === "now" ? Date.now() / 1000 : turn) + Number(offset ?? 0);
}
