import { encodeState, type StoredState } from './stored-state.ts';

/** The state as it is stored, with the lightest dependencies left out and counted when it is larger than it may be. */
export function withinBound(state: StoredState, mostBytes: number): { state: StoredState; value: Buffer } {
  let kept = state;
  let value = encodeState(kept);
  while (value.length > mostBytes && kept.bucket.dependencies.length > 0) {
    kept = lighter(kept, Math.floor((kept.bucket.dependencies.length * mostBytes) / value.length / 1.1));
    value = encodeState(kept);
  }
  return { state: kept, value };
}

/** The `rows` dependencies with the most requests and bytes, and only what belongs to them. */
function lighter(state: StoredState, rows: number): StoredState {
  const { bucket } = state;
  const dependencies = [...bucket.dependencies]
    .sort((a, b) => b.requests - a.requests || b.bytes_sent - a.bytes_sent)
    .slice(0, rows);
  const used = [...new Set(dependencies.flatMap(({ source, target }) => [source, target]))];
  const renumbered = new Map(used.map((old, at) => [old, at]));
  const ids = new Set(used.map((at) => bucket.services[at]?.id));
  return {
    ...state,
    bucket: {
      ...bucket,
      services: used.flatMap((at) => bucket.services[at] ?? []),
      dependencies: dependencies.map((one) => ({
        ...one,
        source: renumbered.get(one.source) as number,
        target: renumbered.get(one.target) as number,
      })),
    },
    signals: state.signals.filter((one) => ids.has(one.source) && ids.has(one.target)),
    more: state.more + bucket.dependencies.length - rows,
  };
}
