/** Takes one in `oneIn` of what it is asked about, at random but the same with the same seed (Mulberry32). */
export class Sampler {
  readonly oneIn: number;
  #state: number;

  /** @throws RangeError when `oneIn` is less than 1. */
  constructor(oneIn: number, seed: number) {
    if (!(oneIn >= 1)) throw new RangeError(`sampling.oneIn is ${oneIn}; it must be at least 1.`);
    this.oneIn = oneIn;
    this.#state = seed | 0;
  }

  takes(): boolean {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    const random = ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
    return random * this.oneIn < 1;
  }
}
