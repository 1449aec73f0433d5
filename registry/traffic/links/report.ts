import {
  linkMetricNames,
  type Link,
  type LinkMetricName,
  type LinkMetrics,
  type LinkNode,
} from '@netring/contract/link';
import type { LocationPath } from '@netring/contract/path';
import { escapeMarkdown } from '@netring/topology';

/** What the sections are written from. */
export interface LinkReportInput {
  nowMs: number;
  /** Who reports: the location that the reader is at, where it has one; its nodes come first. */
  reporter: string;
  nodes: readonly LinkNode[];
  links: readonly Link[];
  paths: readonly LocationPath[];
}

/** What metrics are in, of links that discovery found; an application's queues and forks are in its own. */
const units: Partial<Record<LinkMetricName, string>> = {
  queue_latency: 'ms',
  net_latency: 'ms',
  bytes_sent: 'bytes',
  bytes_per_second: 'bytes/s',
};

/** Links listed one by one; the others are counted. */
const mostLinks = 200;

/** Sections of `/topology/report`, in Markdown: link performance, nodes, incidents, paths both ways, links. */
export function linkReport(input: LinkReportInput): string {
  const parts = [
    `## Link performance\n\nGenerated ${iso(input.nowMs)} by ${escapeMarkdown(input.reporter)}.`,
    nodeSection(input),
    incidentSection(input),
    pathSection(input.paths),
    linkSection(input),
  ];
  return `${parts.join('\n\n')}\n`;
}

function nodeSection({ nodes, reporter }: LinkReportInput): string {
  const isLocal = ({ location, key }: LinkNode) => location === reporter || key === reporter;
  const ordered = [...nodes].sort(
    (a, b) => Number(isLocal(b)) - Number(isLocal(a)) || compare(a.name, b.name) || compare(a.id, b.id),
  );
  const troubled = nodes.filter(({ incidents }) => incidents > 0).length;
  const rows = ordered.map((one) => [
    one.name,
    one.location ?? '',
    one.address ?? '',
    one.roles.join(', '),
    one.status,
    one.version ?? '',
    String(one.incidents),
    one.incidents > 0 ? (one.access_url ?? '') : '',
  ]);
  const head = ['node', 'location', 'address', 'roles', 'status', 'version', 'incidents', 'access'];
  return `## Nodes\n\n${troubled} of ${nodes.length} nodes show incidents within ten minutes.\n\n${table(head, rows)}`;
}

function incidentSection({ links, nodes, nowMs }: LinkReportInput): string {
  const nameOf = namesOf(nodes);
  const rows = links
    .flatMap((one) => one.incidents.stretches.map((stretch) => ({ one, stretch })))
    .sort((a, b) => b.stretch.since_ms - a.stretch.since_ms)
    .map(({ one, stretch }) => [
      `${nameOf(one.active)} → ${nameOf(one.passive)} (${one.role})`,
      iso(stretch.since_ms),
      stretch.until_ms === undefined
        ? `lasting, ${seconds(nowMs - stretch.since_ms)}`
        : seconds(stretch.until_ms - stretch.since_ms),
      stretch.what,
    ]);
  if (rows.length === 0) return '## Incidents\n\nNone within ten minutes.';
  return `## Incidents\n\n${table(['link', 'since', 'for', 'what'], rows)}`;
}

function pathSection(paths: readonly LocationPath[]): string {
  const between = paths.filter(({ target_kind }) => target_kind === 'member');
  const back = new Map(between.map((one) => [`${one.source}\n${one.target}`, one]));
  const once = between.filter((one) => one.source <= one.target || !back.has(`${one.target}\n${one.source}`));
  const rows = once.map((one) => {
    const other = one.source === one.target ? undefined : back.get(`${one.target}\n${one.source}`);
    return [one.source, one.target, pathText(one), other === undefined ? '' : pathText(other)];
  });
  if (rows.length === 0) return '## Paths\n\nNone is measured.';
  return `## Paths\n\n${table(['from', 'to', 'there', 'back'], rows)}`;
}

function pathText({ state, checks, bandwidth, reasons }: LocationPath): string {
  const timed = checks.find(({ p50_ms, kind }) => p50_ms !== undefined && kind !== 'http');
  const packets = checks.find(({ sent, kind }) => sent > 0 && kind !== 'http');
  return [
    state,
    ...(timed?.p50_ms === undefined ? [] : [`${number(timed.p50_ms)} ms`]),
    ...(packets === undefined ? [] : [`${number((100 * packets.lost) / packets.sent)} % lost`]),
    ...(bandwidth?.forward_mbps === undefined ? [] : [`${number(bandwidth.forward_mbps)} Mbit/s`]),
    ...(state === 'ok' ? [] : reasons.slice(0, 1)),
  ].join(', ');
}

function linkSection({ links, nodes }: LinkReportInput): string {
  const nameOf = namesOf(nodes);
  const worstFirst = [...links].sort((a, b) => b.incidents.count - a.incidents.count || compare(a.id, b.id));
  const sections = worstFirst.slice(0, mostLinks).map((one) => {
    const about = [
      one.is_open ? 'open' : 'not open',
      `${one.closures} closures`,
      ...(one.hops === undefined ? [] : [`${one.hops} hops`]),
      `${one.incidents.count} incidents`,
    ].join(', ');
    const title = `### ${escapeMarkdown(`${nameOf(one.active)} → ${nameOf(one.passive)} (${one.role})`)}`;
    const rows = [...metricRows('up', one.up), ...metricRows('down', one.down)];
    const head = ['direction', 'metric', 'count', 'last', 'min', 'avg', 'max'];
    const measured = rows.length === 0 ? 'Nothing was measured.' : table(head, rows);
    return `${title}\n\n${about}\n\n${measured}`;
  });
  const more = links.length - sections.length;
  if (more > 0) sections.push(`+${more} more links`);
  return ['## Links', ...(sections.length === 0 ? ['None.'] : sections)].join('\n\n');
}

function metricRows(direction: string, metrics: LinkMetrics): string[][] {
  return linkMetricNames.flatMap((name) => {
    const one = metrics[name];
    if (one === undefined) return [];
    const unit = units[name];
    const metric = unit === undefined ? name : `${name}, ${unit}`;
    return [[direction, metric, ...[one.count, one.last, one.min, one.avg, one.max].map(number)]];
  });
}

function namesOf(nodes: readonly LinkNode[]): (id: string) => string {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id.slice(0, 12);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

function iso(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}
