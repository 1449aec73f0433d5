import type { LinkIncidents, LinkStretch } from '@netring/contract/link';

/** The troubled windows of a link: stretches of them, the newest last. */
export interface IncidentMemory {
  stretches: { sinceMs: number; untilMs: number; windows: number; what: string }[];
}

export const incidentWindowMs = 10_000;
/** Incidents are counted over so long. */
const countedMs = 10 * 60_000;
const mostStretches = 10;

export function noIncidents(): IncidentMemory {
  return { stretches: [] };
}

/** Notes that the link was in trouble in the ten seconds that began at `startMs`. */
export function noteTrouble(memory: IncidentMemory, startMs: number, what: string): void {
  const last = memory.stretches.at(-1);
  const untilMs = startMs + incidentWindowMs;
  if (last !== undefined && startMs < last.untilMs) return;
  if (last !== undefined && startMs === last.untilMs) {
    last.untilMs = untilMs;
    last.windows++;
    last.what = what;
    return;
  }
  memory.stretches.push({ sinceMs: startMs, untilMs, windows: 1, what });
  if (memory.stretches.length > mostStretches) memory.stretches.shift();
}

/** What is told at a time. A stretch lasts as long as its last window has only just been reported. */
export function incidentsAt({ stretches }: IncidentMemory, nowMs: number): LinkIncidents {
  const fromMs = nowMs - countedMs;
  const recent = stretches.filter(({ untilMs }) => untilMs > fromMs);
  const count = recent.reduce((sum, one) => {
    const within = Math.ceil((one.untilMs - Math.max(one.sinceMs, fromMs)) / incidentWindowMs);
    return sum + Math.min(one.windows, within);
  }, 0);
  const told = recent.map(({ sinceMs, untilMs, what }): LinkStretch => {
    const isOver = nowMs - untilMs > 2 * incidentWindowMs;
    return { since_ms: sinceMs, ...(isOver ? { until_ms: untilMs } : {}), what };
  });
  const current = told.at(-1);
  const lasts = current !== undefined && current.until_ms === undefined;
  return {
    count,
    ...(lasts ? { lasting_ms: Math.max(0, Math.round(nowMs - current.since_ms)) } : {}),
    stretches: told.reverse(),
  };
}
