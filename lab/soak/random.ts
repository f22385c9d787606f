/** Numbers that look random and follow from a seed: whoever has the seed has the same again. */
export class Random {
  private state: number;

  /** @param seed any text */
  constructor(seed: string) {
    // FNV-1a: similar seeds have nothing in common.
    this.state = [...seed].reduce(
      (hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619),
      2166136261,
    );
  }

  /** From 0 up to 1, without it (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from the first to the last, both included. */
  between(first: number, last: number): number {
    return first + Math.floor(this.next() * (last - first + 1));
  }

  /** One of them; throws when there is none. */
  pick<T>(all: readonly T[]): T {
    const found = all[this.between(0, all.length - 1)];
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  }

  /** All of them in another order. */
  shuffled<T>(all: readonly T[]): T[] {
    return all
      .map((value) => ({ value, place: this.next() }))
      .sort((one, other) => one.place - other.place)
      .map(({ value }) => value);
  }
}
