import type { Hop, KeptTrace } from '@netring/contract/trace';
import { describeAge } from './member-table.ts';
import { terminalText } from './terminal-text.ts';
import { textTable } from './text-table.ts';

const headings = ['HOP', 'ROUTER', 'ANSWERED', 'MIN ms', 'MEDIAN ms', 'MAX ms', 'ADDS ms', ''];

/** A trace as people read it: a line on the whole, and one for each hop. `nowMs` is the registry's clock. */
export function traceText(trace: KeptTrace, nowMs: number): string {
  return `${traceLine(trace, nowMs)}\n${hopTable(trace)}`;
}

/** How a trace went, in a line. */
export function traceLine(trace: KeptTrace, nowMs: number): string {
  const { hops, reached, outcome, reason, at_ms, duration_ms } = trace;
  const end = reached ? `reached in ${hops.length} hops` : `not reached (${reason ?? outcome})`;
  const age = describeAge((nowMs - at_ms) / 1000);
  return terminalText(`${end}, traced ${age} ago within ${Math.round(duration_ms)} ms`);
}

/** The hops, the worst step marked. A silent hop is no loss: routers need not answer. */
export function hopTable({ hops, worst_step }: Pick<KeptTrace, 'hops' | 'worst_step'>): string {
  if (hops.length === 0) return '(no hop answered)';
  return textTable(
    headings,
    hops.flatMap((hop) => hopRows(hop, worst_step?.ttl === hop.ttl ? 'worst step' : '')),
  );
}

function hopRows(hop: Hop, mark: string): string[][] {
  const added = hop.added_ms === undefined ? '' : milliseconds(hop.added_ms);
  if (hop.answers.length === 0) return [[String(hop.ttl), '*', `0 of ${hop.sent}`, '', '', '', '', 'silent']];
  return hop.answers.map(({ ip, received, min_ms, median_ms, max_ms }, at) => [
    at === 0 ? String(hop.ttl) : '',
    ip,
    `${received} of ${hop.sent}`,
    ...[min_ms, median_ms, max_ms].map(milliseconds),
    at === 0 ? added : '',
    at === 0 ? mark : '',
  ]);
}

/** Milliseconds with as many digits as mean something. */
export function milliseconds(ms: number): string {
  return ms >= 100 ? String(Math.round(ms)) : ms.toFixed(ms >= 10 ? 1 : 2);
}
