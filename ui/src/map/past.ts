import type { GraphDependency } from '@netring/contract/graph';
import type { ServiceAnswer } from '@netring/contract/topology';

/** A stretch of the past, epoch milliseconds. */
export interface Stretch {
  fromMs: number;
  toMs: number;
}

/** What a dependency did in a stretch; without numbers where nobody saw traffic. */
export interface PastPoint extends Stretch {
  rate?: number;
  p95Ms?: number;
  /** 0–1: 5xx, and requests that nobody answered. */
  failed?: number;
}

/** Minutes are kept for two hours: a dozen of stretches of ten minutes, on the clock, oldest first. */
export function pastStretches(nowMs: number): Stretch[] {
  const lengthMs = 600_000;
  const endMs = Math.floor(nowMs / lengthMs) * lengthMs;
  return Array.from({ length: 12 }, (_, at) => {
    const toMs = endMs - (11 - at) * lengthMs;
    return { fromMs: toMs - lengthMs, toMs };
  });
}

/** What a service's answer for a stretch says of one of its dependencies. */
export function pastPoint(stretch: Stretch, answer: ServiceAnswer | undefined, id: string): PastPoint {
  const one = answer?.dependencies.find((each) => each.id === id);
  if (one === undefined || one.request_count === 0) return stretch;
  return {
    ...stretch,
    rate: one.requests_per_second,
    ...(one.p95_latency_ms !== undefined && { p95Ms: one.p95_latency_ms }),
    failed: failedShare(one),
  };
}

function failedShare({
  server_errors: errors,
  transport_failures: lost,
  request_count: all,
}: GraphDependency) {
  return (errors + lost) / Math.max(errors + lost, all);
}

/** A line through values from 0 up to the greatest, in a box of this size; broken where there is none, a dot for one alone. */
export function sparkline(
  values: readonly (number | undefined)[],
  width: number,
  height: number,
): { line: string; dots: { x: number; y: number }[]; most: number } {
  const most = Math.max(0, ...values.flatMap((value) => value ?? []));
  const step = width / Math.max(1, values.length - 1);
  const at = (value: number, index: number): { x: number; y: number } => ({
    x: Math.round(index * step * 10) / 10,
    y: Math.round((height - (most > 0 ? value / most : 0) * height) * 10) / 10,
  });
  const [parts, dots]: [string[], { x: number; y: number }[]] = [[], []];
  values.forEach((value, index) => {
    if (value === undefined) return;
    const { x, y } = at(value, index);
    const isAlone = values[index - 1] === undefined && values[index + 1] === undefined;
    if (isAlone) dots.push({ x, y });
    else parts.push(`${values[index - 1] === undefined ? 'M' : 'L'}${x} ${y}`);
  });
  return { line: parts.join(''), dots, most };
}
