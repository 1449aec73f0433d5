import type { MemberPath, PathAnswer, PathCheck } from '@netring/contract/path';
import type { RouteChange, TracesOfPath } from '@netring/contract/trace';
import { milliseconds, traceLine, hopTable } from './hop-table.ts';
import { describeAge } from './member-table.ts';
import { terminalText } from './terminal-text.ts';
import { textTable } from './text-table.ts';

const headings = ['CHECK', 'STATE', 'LAST', 'LATENCY', 'P50', 'P95', 'LOST', 'AGE'];

/** Both directions of a path as people read them: state, checks, the way hop by hop, and its changes. */
export function pathText({ now_ms: nowMs, path, back, traces, route_changes: changes }: PathAnswer): string {
  const parts = [
    ...directionText(path, traces.forward, nowMs),
    ...(back === undefined ? [] : ['', ...directionText(back, traces.back, nowMs)]),
    ...(changes.length === 0 ? [] : ['', 'Route changes', ...changes.map((one) => changeLine(one, nowMs))]),
  ];
  return parts.join('\n');
}

function directionText(path: MemberPath, { latest, last_good: good }: TracesOfPath, nowMs: number): string[] {
  const ends = `${path.source_location} (${path.source}) → ${path.target_location} (${path.target})`;
  const since = path.since_ms === undefined ? '' : ` for ${describeAge((nowMs - path.since_ms) / 1000)}`;
  const lines = [terminalText(`${ends}: ${path.state}${since}`)];
  lines.push(...path.reasons.map((reason) => terminalText(`  ${reason}`)));
  if (path.checks.length > 0)
    lines.push(
      textTable(
        headings,
        path.checks.map((check) => checkRow(check, nowMs)),
      ),
    );
  if (latest === undefined) return [...lines, 'Route: not traced yet'];
  lines.push(`Route: ${traceLine(latest, nowMs)}`, hopTable(latest));
  if (good !== undefined && good.id !== latest.id)
    lines.push(`Last good route: ${traceLine(good, nowMs)}`, hopTable(good));
  return lines;
}

function checkRow(check: PathCheck, nowMs: number): string[] {
  const { window, latency_ms: latencyMs } = check;
  const inMs = (ms: number | undefined) => (ms === undefined ? '' : `${milliseconds(ms)} ms`);
  return [
    check.endpoint === undefined ? check.kind : `${check.kind} ${check.endpoint}`,
    check.state,
    check.outcome,
    inMs(latencyMs),
    inMs(window.p50_ms),
    inMs(window.p95_ms),
    `${window.lost} of ${window.sent}`,
    `${describeAge((nowMs - check.at_ms) / 1000)} ago`,
  ];
}

function changeLine({ source, target, at_ms, before, after }: RouteChange, nowMs: number): string {
  const age = describeAge((nowMs - at_ms) / 1000);
  const hops = (trace: RouteChange['before']) => `${trace.hops.length} hops`;
  return terminalText(`  ${source} → ${target}, ${age} ago: ${hops(before)} before, ${hops(after)} after`);
}
