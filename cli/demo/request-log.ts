import { written, type Place } from '../ring/ring-plan.ts';

/** One line for a call that a service of the shop has made: `2026-01-01T12:00:00.000Z asked 127.0.2.1:18081 POST /orders 201 12.3ms` */
export function logAsked(whom: Place, what: string, startedMs: number): void {
  log(`asked ${written(whom)} ${what}`, startedMs);
}

/** One line for a call that it has answered: `2026-01-01T12:00:00.000Z answered 127.0.1.1 POST /orders 201 12.1ms` */
export function logAnswered(whom: string, what: string, startedMs: number): void {
  log(`answered ${whom} ${what}`, startedMs);
}

function log(text: string, startedMs: number): void {
  const tookMs = performance.now() - startedMs;
  process.stdout.write(`${new Date().toISOString()} ${text} ${tookMs.toFixed(1)}ms\n`);
}
