import { escapeMarkdown } from '@netring/topology';
import type { GraphDependency } from '@netring/contract/graph';
import type { LocationPath } from '@netring/contract/path';
import { allPaths, pathOf, type Picture } from '../live/picture.ts';
import { isTroubled, worstFirst } from '../map/trouble.ts';
import { dependencySentence, healthWords, latencyWords, serviceWords } from '../map/words.ts';
import { changedRows, changeWords, standingWords } from '../time/compare-words.ts';
import { ageText } from '../words/age.ts';
import { sortedIncidents } from '../words/incident.ts';
import { captionOf, type Shown } from './shown.ts';

/** A report is read, not searched: beyond so many of a kind the rest is counted. */
const most = 200;
const md = (words: string): string => escapeMarkdown(words.slice(0, 1_000));
const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** What is on the screen as a Markdown report, line by line. */
export function* reportOf(shown: Shown): Generator<string> {
  const { nowMs, picture, time } = shown;
  yield '# Netring report\n\n';
  yield `${md(captionOf(shown))}\n\nMade ${utc(nowMs)}.`;
  if (time !== undefined)
    yield ' Incidents and paths are of then, services and dependencies of the time above.';
  yield '\n';
  if (picture !== undefined) {
    yield* incidentLines(picture, nowMs);
    yield* pathLines(picture, nowMs);
  }
  yield* changeLines(shown);
  yield* troubleLines(shown);
  yield* serviceLines(shown);
}

function* incidentLines(picture: Picture, nowMs: number): Generator<string> {
  yield '\n## Incidents\n\n';
  const all = sortedIncidents(picture.incidents);
  if (all.length === 0) yield 'None is open.\n';
  for (const one of all.slice(0, most)) {
    const since = `since ${utc(one.started_ms)}, for ${ageText(nowMs - one.started_ms)}`;
    yield `- **${one.severity}**${one.silenced ? ' (silenced)' : ''}: ${md(one.summary)} (${since})\n`;
    const alerts = (picture.alerts?.alerts ?? []).filter(
      ({ incident, state }) => incident === one.id && state === 'firing',
    );
    for (const alert of alerts.slice(0, 20)) yield `  - ${md(alert.summary)}\n`;
    yield* rest(alerts.length, 20, 'alerts');
  }
  yield* rest(all.length, most, 'incidents');
}

/** A pair in which either direction is in trouble, with both: they differ, and both matter. */
function* pathLines(picture: Picture, nowMs: number): Generator<string> {
  const { planned, measured } = picture.coverage;
  yield `\n## Paths in trouble\n\n${measured} of ${planned} planned paths are measured.\n\n`;
  const pairs = new Map<string, LocationPath>();
  for (const one of allPaths(picture)) {
    if (one.state !== 'down' && one.state !== 'degraded') continue;
    const { source, target, target_kind: kind } = one;
    const key = JSON.stringify([kind, ...(kind === 'member' ? [source, target].sort() : [source, target])]);
    if (!pairs.has(key)) pairs.set(key, one);
  }
  if (pairs.size === 0) yield 'None.\n';
  else yield '| From | To | State | Round trip | Why |\n| --- | --- | --- | --- | --- |\n';
  for (const one of [...pairs.values()].slice(0, most)) {
    yield pathRow(one, nowMs);
    const back = one.target_kind === 'member' && pathOf(picture, one.target, 'member', one.source);
    if (back) yield pathRow(back, nowMs);
  }
  yield* rest(pairs.size, most, 'pairs');
}

function pathRow(one: LocationPath, nowMs: number): string {
  const p50 = one.checks.find(({ p50_ms: ms }) => ms !== undefined)?.p50_ms;
  const since = one.since_ms === undefined ? '' : ` for ${ageText(nowMs - one.since_ms)}`;
  const cells = [
    md(one.source),
    md(one.target),
    `${one.state}${since}`,
    p50 === undefined ? '–' : `${p50.toFixed(1)} ms`,
    md(one.reasons.join('; ')) || '–',
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function* changeLines(shown: Shown): Generator<string> {
  if (shown.comparison === undefined) return;
  yield '\n## What changed\n\n';
  const rows = changedRows(shown.dependencies, shown.comparison);
  if (rows.length === 0) yield 'Nothing.\n';
  for (const { one, standing } of rows.slice(0, most)) {
    const { sign, word } = standingWords[standing];
    const changes = (shown.comparison.changes.get(one.id) ?? []).map(changeWords).join('; ');
    const who = `${nameOf(shown, one.source_service)} → ${nameOf(shown, one.target_service)} over ${one.protocol}`;
    yield `- ${md(sign)} **${word}**: ${md(who)}${changes === '' ? '' : `: ${md(changes)}`}\n`;
  }
  yield* rest(rows.length, most, 'changes');
}

function* troubleLines(shown: Shown): Generator<string> {
  yield '\n## Dependencies in trouble\n\n';
  const troubled = worstFirst(shown.dependencies.filter(isTroubled));
  if (troubled.length === 0) yield 'None of those shown.\n';
  for (const one of troubled.slice(0, most)) {
    yield `- ${md(dependencySentence(one, (id) => nameOf(shown, id)))}\n`;
    for (const reason of [...one.blame.reasons.slice(0, 3), ...one.path.reasons.slice(0, 3)])
      yield `  - ${md(reason)}\n`;
  }
  yield* rest(troubled.length, most, 'dependencies');
}

function* serviceLines(shown: Shown): Generator<string> {
  yield '\n## Services\n\n| Service | Type | Health | Called by | Calls | Slowest call to it |\n';
  yield '| --- | --- | --- | --- | --- | --- |\n';
  const slowest = new Map<string, GraphDependency>();
  for (const one of shown.dependencies) {
    const before = slowest.get(one.target_service);
    if ((one.p95_latency_ms ?? -1) > (before?.p95_latency_ms ?? -1)) slowest.set(one.target_service, one);
  }
  for (const one of shown.services.slice(0, most)) {
    const slow = slowest.get(one.service_id);
    const cells = [
      md(serviceWords(one, one.service_id)),
      md(one.service_type.replaceAll('_', ' ')),
      healthWords[one.health],
      String(one.fan_in),
      String(one.fan_out),
      (slow && latencyWords(slow)) ?? '–',
    ];
    yield `| ${cells.join(' | ')} |\n`;
  }
  yield* rest(shown.services.length, most, 'services');
}

function nameOf({ graph }: Shown, id: string): string {
  return serviceWords(graph.services.get(id), id);
}

function* rest(count: number, shown: number, what: string): Generator<string> {
  if (count > shown) yield `\nAnd ${count - shown} more ${what}.\n`;
}
