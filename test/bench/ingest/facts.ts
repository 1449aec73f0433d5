import { bucketOf } from '@netring/contract/histogram';
import type { PathTotals } from '@netring/contract/report';

/** One member probes this many others over TCP and HTTP: a hundred results a report. */
export const targetsPerMember = 50;
export const memberCount = targetsPerMember + 1;
export const resultsPerReport = 2 * targetsPerMember;

export function memberId(at: number): string {
  return `bench-${String(at).padStart(3, '0')}`;
}

/** So that the picture has some locations to roll up: eight. */
export function locationOf(at: number): string {
  return `dc${at % 8}`;
}

/** Stands where the number of checks goes; no other number in a body is like it. */
export const checksMark = 987654321;
/** Stands where the time of the newest result goes. */
export const endedMark = 123456789.5;

/** What member `at` saw of all others in one bucket, with the marks where numbers change from report to report. */
export function markedTotals(at: number): PathTotals[] {
  const targets = Array.from({ length: memberCount }, (_, i) => i).filter((i) => i !== at);
  return targets.flatMap((target) => [tcpTotals(at, target), httpTotals(at, target)]);
}

function countsOf(ms: number) {
  return {
    checks: checksMark,
    failed: 0,
    voided: 0,
    sent: checksMark,
    lost: 0,
    latency: [bucketOf(ms), checksMark],
  };
}

/** Some latency between two members, with microseconds, always the same. */
function latencyMs(source: number, target: number): number {
  return (200 + ((source * 7919 + target * 104_729) % 50_000)) / 1000;
}

function tcpTotals(source: number, target: number): PathTotals {
  const connect_ms = latencyMs(source, target);
  return {
    target: memberId(target),
    ...countsOf(connect_ms),
    last: { kind: 'tcp', outcome: 'ok', ended_ms: endedMark, connect_ms },
  };
}

function httpTotals(source: number, target: number): PathTotals {
  const connect_ms = latencyMs(source, target);
  const first_byte_ms = Number((2.1 * connect_ms).toFixed(3));
  return {
    target: memberId(target),
    endpoint: '/health',
    ...countsOf(first_byte_ms),
    last: {
      kind: 'http',
      outcome: 'ok',
      ended_ms: endedMark,
      status: 200,
      connect_ms,
      first_byte_ms,
      total_ms: Number((first_byte_ms + 0.1).toFixed(3)),
    },
  };
}
