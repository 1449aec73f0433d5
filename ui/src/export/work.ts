/** Long work of the page: in slices, so that the page stays usable, with progress, and until somebody cancels it. */
export interface Work {
  readonly signal: AbortSignal;
  /** Tells how far it is (0–1) and lets others have the processor when it is time. Rejects once it was cancelled. */
  step(part: number): Promise<void>;
}

/** Of a frame of 16 ms. */
const sliceMs = 8;
/** How often people are told. */
const toldMs = 100;

export function createWork(signal: AbortSignal, tell: (part: number) => void): Work {
  let sliceFromMs = performance.now();
  let toldAtMs = -Infinity;
  return {
    signal,
    async step(part) {
      signal.throwIfAborted();
      const nowMs = performance.now();
      if (nowMs - toldAtMs >= toldMs) {
        toldAtMs = nowMs;
        tell(part);
      }
      if (nowMs - sliceFromMs < sliceMs) return;
      await new Promise((done) => setTimeout(done, 0));
      sliceFromMs = performance.now();
      signal.throwIfAborted();
    },
  };
}

/** Puts together what comes in pieces, `of` so many of them, as long as nobody cancels. */
export async function collected(pieces: Iterable<string>, of: number, work: Work): Promise<string[]> {
  const all: string[] = [];
  for (const piece of pieces) {
    all.push(piece);
    await work.step(Math.min(1, all.length / Math.max(1, of)));
  }
  return all;
}
