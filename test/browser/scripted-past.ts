import type { GraphAnswer } from '@netring/contract/graph';
import type { StretchSummary, WindowsAnswer } from '@netring/contract/topology';

const tenMs = 10_000;

/** What the registry knows of times gone by, of a graph in which trouble began some minutes ago. */
export interface ScriptedPast {
  /** When trouble began: before that everything was well, and one dependency was not yet there. */
  beganMs: number;
  windows: () => WindowsAnswer;
  /** The graph of a window; of one before the trouble `early`. */
  graph: (fromMs: number, toMs: number) => GraphAnswer;
}

/** A quarter of an hour by 10 s: `early` until `beganMs`, `late` from then on. */
export function scriptedPast(early: GraphAnswer, late: GraphAnswer, beganMs: number): ScriptedPast {
  const graph = (fromMs: number, toMs: number): GraphAnswer => {
    const then = toMs <= beganMs ? early : late;
    return {
      ...then,
      now_ms: Date.now(),
      timestamp: new Date(toMs).toISOString(),
      metadata: { ...then.metadata, from_ms: fromMs, to_ms: toMs },
    };
  };
  const windows = (): WindowsAnswer => {
    const nowMs = Date.now();
    const toMs = Math.floor(nowMs / tenMs) * tenMs;
    const fromMs = toMs - 900_000;
    const stretches = Array.from({ length: 90 }, (_, at) =>
      stretchOf(fromMs + at * tenMs, fromMs + at * tenMs >= beganMs, at),
    );
    const resolution = { resolution_ms: tenMs, kept_ms: 900_000, from_ms: fromMs, to_ms: toMs };
    return { now_ms: nowMs, resolutions: [resolution], stretches };
  };
  return { beganMs, windows, graph };
}

function stretchOf(startMs: number, isBad: boolean, at: number): StretchSummary {
  const none = { network: 0, application: 0, both: 0, none: 10, unknown: 0 };
  return {
    start_ms: startMs,
    duration_ms: tenMs,
    requests: 4_000 + 900 * Math.round(3 * Math.sin(at / 6)),
    errors: isBad ? 90 : 0,
    services: 11,
    dependencies: 10,
    health: isBad
      ? { healthy: 7, slow: 2, failing: 1, unknown: 0 }
      : { healthy: 10, slow: 0, failing: 0, unknown: 0 },
    blame: isBad ? { ...none, network: 1, application: 1, none: 8 } : none,
    path: isBad ? { ok: 8, degraded: 2, down: 0, unknown: 0 } : { ok: 10, degraded: 0, down: 0, unknown: 0 },
  };
}
