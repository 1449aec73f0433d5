import { readFileSync } from 'node:fs';
import { performance, type EventLoopUtilization } from 'node:perf_hooks';

/** How hard this process and machine are pressed while a test runs. */
export interface Strain {
  /** Share of the time that the event loop worked instead of waiting, 0–1. */
  busy: number;
  /** How much later than planned its timers run, median, milliseconds. */
  lateMs: number;
  /** TCP segments sent again by this machine since it started (RFC 4022, `tcpRetransSegs`); absent where not known. */
  resent?: number;
}

export interface StrainGauge {
  /** Since it was last read. */
  read(): Strain;
  stop(): void;
}

const tickMs = 20;

/** Watches this process. */
export function watchStrain(now: () => number): StrainGauge {
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  let lates: number[] = [];
  let dueMs = now() + tickMs;
  let last = 0;
  const tick = () => {
    last = Math.max(0, now() - dueMs);
    lates.push(last);
    dueMs = now() + tickMs;
  };
  const timer = setInterval(tick, tickMs);
  return {
    read() {
      const after = performance.eventLoopUtilization();
      const busy = performance.eventLoopUtilization(after, before).utilization;
      before = after;
      const sorted = lates.sort((a, b) => a - b);
      const lateMs = sorted[Math.floor(sorted.length / 2)] ?? last;
      lates = [];
      const resent = segmentsResent();
      return { busy, lateMs, ...(resent !== undefined && { resent }) };
    },
    stop: () => clearInterval(timer),
  };
}

/** Two lines of `/proc/net/snmp` are TCP's: names, and numbers under them (proc(5)). Linux alone has it. */
function segmentsResent(): number | undefined {
  try {
    const [names, values] = readFileSync('/proc/net/snmp', 'latin1')
      .split('\n')
      .filter((line) => line.startsWith('Tcp:'))
      .map((line) => line.split(' '));
    const at = names?.indexOf('RetransSegs') ?? -1;
    return at < 0 ? undefined : Number(values?.[at]);
  } catch {
    return undefined;
  }
}
