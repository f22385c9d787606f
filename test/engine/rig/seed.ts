/** Numbers from a seed; the same seed gives the same numbers. */
export class Seed {
  private state: number;

  constructor(readonly value: number) {
    this.state = value >>> 0;
  }

  /** `ENGINE_SEED`, or one of the moment. */
  static ofEnvironment(): Seed {
    const { ENGINE_SEED } = process.env;
    return new Seed(ENGINE_SEED === undefined ? Date.now() % 1_000_000 : Number(ENGINE_SEED));
  }

  /** Another row of numbers for each purpose, so that one test alone gets the same ones as in the whole suite. */
  for(purpose: string): Seed {
    const mixed = [...purpose].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), this.value);
    return new Seed(mixed);
  }

  /** From 1 to `last`. */
  upTo(last: number): number {
    return 1 + Math.floor(this.next() * last);
  }

  /** From 1 to `last`, in one of as many parts. */
  within(part: number, parts: number, last: number): number {
    const [above, most] = [part, part + 1].map((each) => Math.floor((each * last) / parts)) as [number, number];
    return above + this.upTo(Math.max(1, most - above));
  }

  /** One of two. */
  coin(): boolean {
    return this.next() < 0.5;
  }

  // mulberry32
  private next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
