/** Packets a second to a target whose path loses nothing. */
export const calmPerS = 4;
/** After a first loss so many times as many, */
const hurry = 10;
/** for so long. */
export const hurryMs = 60_000;
/** A path that goes on losing is not hurried over again before this has passed: half the time at most. */
const restMs = 60_000;

/** How fast one target is asked. Pure: time is told. */
export interface Pace {
  /** Something was lost, or is late. */
  lost(nowMs: number): void;
  /** How long after a question the next one follows, milliseconds: ± 20 %, so that no rhythm of the network is met. */
  gapMs(nowMs: number, random: number): number;
}

export function createPace(): Pace {
  let hurriedFromMs = -Infinity;
  return {
    lost(nowMs) {
      if (nowMs >= hurriedFromMs + hurryMs + restMs) hurriedFromMs = nowMs;
    },
    gapMs(nowMs, random) {
      const perS = nowMs < hurriedFromMs + hurryMs ? calmPerS * hurry : calmPerS;
      return (1000 / perS) * (0.8 + 0.4 * random);
    },
  };
}

/** Every flow once, in an order that is new each time. */
export function shuffled(flowCount: number, random: () => number): number[] {
  const order = Array.from({ length: flowCount }, (_, at) => at);
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
  return order;
}
