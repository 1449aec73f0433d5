import type { Browser, Page } from 'playwright-core';
import { quantile } from '../bench.ts';

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  ts: number;
  dur?: number;
  /** Of the processor's time, where the system tells it. */
  tdur?: number;
}

/** What a page's frames cost while something went on. */
export interface Frames {
  perSecond: number;
  /** Of the page's main thread, 95th percentile of the frames, in milliseconds: on the clock, and of the processor. */
  p95Ms: number;
  p95CpuMs: number;
}

/** Counts frames and what the main thread does in each, while `during` runs. */
export async function framesDuring(
  browser: Browser,
  page: Page,
  during: () => Promise<void>,
): Promise<Frames> {
  const categories = ['devtools.timeline', 'disabled-by-default-devtools.timeline'];
  await browser.startTracing(page, { categories });
  const startedMs = performance.now();
  await during();
  const seconds = (performance.now() - startedMs) / 1_000;
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const frames = framesOf(trace.traceEvents);
  return {
    perSecond: frames.length / seconds,
    p95Ms: quantile(
      frames.map(({ us }) => us / 1_000),
      0.95,
    ),
    p95CpuMs: quantile(
      frames.map(({ cpuUs }) => cpuUs / 1_000),
      0.95,
    ),
  };
}

/** A frame is from one animation frame to the next: all tasks of the thread that has them. */
function framesOf(events: readonly TraceEvent[]): { us: number; cpuUs: number }[] {
  const fired = events.filter(({ name }) => name === 'FireAnimationFrame');
  const [one] = fired;
  if (one === undefined) throw new Error('The page drew no frame.');
  const isHere = ({ pid, tid }: TraceEvent): boolean => pid === one.pid && tid === one.tid;
  const starts = [...new Set(fired.filter(isHere).map(({ ts }) => ts))].sort((a, b) => a - b);
  const tasks = events.filter((event) => isHere(event) && /(^|::)RunTask$/.test(event.name) && event.dur);
  tasks.sort((a, b) => a.ts - b.ts);
  const frames: { us: number; cpuUs: number }[] = [];
  let next = 0;
  for (const { ts, dur = 0, tdur = dur } of tasks) {
    const before = next;
    while ((starts[next] ?? Infinity) < ts + dur) next++;
    if (next > before) frames.push({ us: 0, cpuUs: 0 });
    const frame = frames.at(-1);
    if (frame === undefined) continue;
    frame.us += dur;
    frame.cpuUs += tdur;
  }
  return frames;
}
