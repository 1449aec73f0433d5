import type { HistoryPoint } from '@netring/contract/history';
import type { PathState } from '@netring/contract/path';

/** A stretch of one state, as shares of the whole time from 0 to 1. */
export interface Stretch {
  state: PathState;
  from: number;
  to: number;
}

/** The states of a history from `fromMs` to `toMs` as stretches; steps without a measurement leave gaps. */
export function stretches(
  points: readonly HistoryPoint[],
  stepMs: number,
  fromMs: number,
  toMs: number,
): Stretch[] {
  const all: Stretch[] = [];
  const share = (ms: number): number => Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)));
  for (const { at_ms: atMs, state } of points) {
    const [from, to] = [share(atMs), share(atMs + stepMs)];
    if (to <= from) continue;
    const last = all.at(-1);
    if (last !== undefined && last.state === state && from - last.to < 1e-6) last.to = to;
    else all.push({ state, from, to });
  }
  return all;
}

/** The part of `stretches` in words: how long each state lasted, in milliseconds, the worst first. */
export function timeIn(all: readonly Stretch[], spanMs: number): [PathState, number][] {
  const order: readonly PathState[] = ['down', 'degraded', 'unknown', 'ok'];
  return order.flatMap((state): [PathState, number][] => {
    const share = all.filter((one) => one.state === state).reduce((sum, { from, to }) => sum + to - from, 0);
    return share > 0 ? [[state, share * spanMs]] : [];
  });
}
