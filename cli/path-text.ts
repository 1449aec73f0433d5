import type { MemberPath, PathAnswer, PathCheck } from '@netring/contract/path';
import type { BandwidthOfPath, BandwidthResult } from '@netring/contract/bandwidth';
import type { RouteChange, TracesOfPath } from '@netring/contract/trace';
import { milliseconds, traceLine, hopTable } from './hop-table.ts';
import { describeAge } from './member-table.ts';
import { terminalText } from './terminal-text.ts';
import { textTable } from './text-table.ts';

const headings = ['CHECK', 'STATE', 'LAST', 'LATENCY', 'P50', 'P95', 'LOST', 'AGE'];

/** Both directions of a path as people read them: state, checks, the way hop by hop, and its changes. */
export function pathText(answer: PathAnswer): string {
  const { now_ms: nowMs, path, back, traces, route_changes: changes, bandwidth } = answer;
  const parts = [
    ...directionText(path, traces.forward, nowMs),
    ...bandwidthLines(bandwidth, nowMs),
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
  lines.push(...path.checks.flatMap(flowLine));
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

const ways = { forward: 'on the way there', return: 'on the way back', both: 'both ways' } as const;

/** What the flows of a check say as a whole: one path may be several, of which one loses. */
function flowLine({ flows }: PathCheck): string[] {
  if (flows === undefined) return [];
  const over = `over ${describeAge(flows.over_ms / 1000)}`;
  if (flows.lossy === 0) return [`Flows: all ${flows.count} arrive, ${over}`];
  const share = flows.loss_ratio === undefined ? '' : ` ${percent(flows.loss_ratio)}`;
  const way = flows.direction === undefined ? '' : ` ${ways[flows.direction]}`;
  const sure = flows.confidence === undefined ? '' : `, ${percent(Math.min(flows.confidence, 0.99))} sure`;
  const verb = flows.lossy === 1 ? 'loses' : 'lose';
  return [`Flows: ${flows.lossy} of ${flows.count} ${verb}${share}${way}${sure}, ${over}`];
}

/** The newest valid rate of each direction; why there is none, where somebody said. */
function bandwidthLines(tests: BandwidthOfPath, nowMs: number): string[] {
  const { forward, return: back, latest, skipped } = tests;
  const rate = (name: string, one: (BandwidthResult & { at_ms: number }) | undefined): string[] => {
    if (one?.mbps !== undefined)
      return [`${name} ${rounded(one.mbps)} Mbit/s, measured ${describeAge((nowMs - one.at_ms) / 1000)} ago`];
    const last = latest?.results?.find(
      ({ direction }) => direction === (name === 'there' ? 'forward' : 'return'),
    );
    if (last === undefined) return [];
    const why =
      last.reason ?? (last.limited_by === undefined ? last.outcome : `bounded by the ${last.limited_by}`);
    return [`${name} no valid rate (${why})`];
  };
  const rates = [...rate('there', forward), ...rate('back', back)];
  const said = rates.length > 0 ? rates.join('; ') : 'not measured yet';
  const put = skipped?.skipped === undefined ? '' : `; the last test was not made: ${skipped.skipped}`;
  return [terminalText(`Bandwidth: ${said}${put}`)];
}

function percent(share: number): string {
  return `${rounded(100 * share)} %`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function changeLine({ source, target, at_ms, before, after }: RouteChange, nowMs: number): string {
  const age = describeAge((nowMs - at_ms) / 1000);
  const hops = (trace: RouteChange['before']) => `${trace.hops.length} hops`;
  return terminalText(`  ${source} → ${target}, ${age} ago: ${hops(before)} before, ${hops(after)} after`);
}
