/** A table of figures: what is measured, and how. */
export interface Table {
  title: string;
  /** What it does, what it needs and how long it takes. */
  about: string;
  measure(run: Rounds): Promise<Row[]>;
}

/** How often to measure, and where to tell what is going on. */
export interface Rounds {
  rounds: number;
  say: (line: string) => void;
}

/** One line of a table. */
export interface Row {
  what: string;
  /** Both figures of a ratio, or the one that is compared with the goal. */
  measured: string;
  /** What is compared with the goal. */
  value: number;
  /** The goal, if there is one. */
  atMost?: number;
  unit?: string;
}

/** As Markdown, for docs/performance.md. */
export function renderTable(rows: readonly Row[]): string {
  const lines = rows.map(({ what, measured, value, atMost, unit = "" }) => {
    const show = (number: number) => `${Number(number.toPrecision(3))}${unit}`;
    const goal = atMost === undefined ? "" : `≤ ${show(atMost)}${value > atMost ? " (missed)" : ""}`;
    return `| ${what} | ${measured} | ${show(value)} | ${goal} |`;
  });
  return ["| What | Measured | Figure | Goal |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

/** Medians. */
export interface Comparison {
  one: number;
  other: number;
  ratio: number;
}

/** What two ways of doing the same take, turn by turn, so that both meet the same disturbances; seconds by default. */
export async function compare(
  { rounds, say }: Rounds,
  what: string,
  ways: readonly [() => Promise<number>, () => Promise<number>],
  show: (value: number) => string = (seconds) => `${seconds.toFixed(1)} s`,
): Promise<Comparison> {
  const pairs: [number, number][] = [];
  for (let round = 1; round <= rounds; round++) {
    const pair: [number, number] = [await ways[0](), await ways[1]()];
    say(`${what}, ${round} of ${rounds}: ${pair.map(show).join(" against ")}`);
    pairs.push(pair);
  }
  const of = (value: (pair: [number, number]) => number) => median(pairs.map(value));
  return { one: of(([one]) => one), other: of(([, other]) => other), ratio: of(([one, other]) => one / other) };
}

/** A comparison of seconds, as a line of a table has it. */
export function inSeconds({ one, other, ratio }: Comparison): Pick<Row, "measured" | "value"> {
  return { measured: `${one.toFixed(1)} s / ${other.toFixed(1)} s`, value: ratio };
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}
