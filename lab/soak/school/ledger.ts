import { appendFileSync } from "node:fs";

import type { Asked } from "../evidence";

/** The ledger adds the moment, unless it is told. */
type Wish = Asked extends infer Each ? (Each extends Asked ? Omit<Each, "at"> & { at?: number } : never) : never;

/** Where the school writes down what it asks for, one JSON per line. */
export class Ledger {
  constructor(private readonly file: string) {}

  note(wish: Wish): void {
    appendFileSync(this.file, `${JSON.stringify({ at: Date.now(), ...wish })}\n`);
  }
}

/** What was written down. */
export function readLedger(text: string): Asked[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Asked);
}
