import { describe, expect, test } from 'vitest';
import { graphAnswer } from '@netring/contract/graph';
import { TopologyVisualizer } from '@netring/topology';
import { exampleDependency, exampleGraph, exampleService } from '../example/example-graph.ts';
import { exampleMember, exampleOverview, mesh } from '../example/example-ring.ts';
import { fromSnapshot } from '../live/picture.ts';
import type { Colours } from '../map/colours.ts';
import { everything, narrowed, type Narrowing } from '../map/narrow.ts';
import { sceneOf } from '../map/scene.ts';
import { mapOf } from './as-map.ts';
import { jsonOf, jsonPieces } from './json.ts';
import { reportOf } from './report.ts';
import { captionOf, fileName, type Shown } from './shown.ts';
import { svgOf, svgPieces } from './svg.ts';
import { createWork, collected } from './work.ts';

const nowMs = Date.UTC(2026, 10, 21, 14, 2, 15);
const hostile = [
  '</script><script>alert(1)</script>',
  '"onload="alert(1)',
  ']]><!--',
  '\u202eevil\u2066',
  'line\u2028and\u0000nul\ufffe',
  '| cell | `code` [x](javascript:alert(1)) <img src=x onerror=alert(1)>',
  '__proto__',
  'x'.repeat(10_000),
  '😀'.repeat(500),
];
const colours: Colours = {
  ground: '#0',
  surface: '#1',
  raised: '#2',
  line: '#3',
  strongLine: '#4',
  text: '#5',
  softText: '#6',
  accent: '#7',
  tones: { ok: '#8', warn: '#9', bad: '#a', unknown: '#b' },
  sans: "'Segoe UI', sans-serif",
};

function shownOf(names: readonly string[], narrowing: Narrowing = everything): Shown {
  const graph = exampleGraph(
    names.map((name) =>
      exampleService(`l/${name}`, { service_id: name, service_name: name, location: name }),
    ),
    names.map((name, at) =>
      exampleDependency(name, names[(at + 1) % names.length] as string, {
        id: `d${at}`,
        health: at % 2 === 0 ? 'failing' : 'healthy',
        blame: { verdict: 'network', reasons: [name] },
        path: { kind: 'member', state: 'down', reasons: [name] },
      }),
    ),
  );
  const { services, dependencies } = narrowed(graph, narrowing);
  const scene = sceneOf(services, dependencies, graph.positions);
  return { ring: 'ring.example:8756', nowMs, graph, services, dependencies, scene, narrowing };
}

const all = (pieces: Iterable<string>): string => [...pieces].join('');

describe('hostile names', () => {
  const shown = shownOf(hostile);

  test('are text in the drawing, which has as many pieces as it says at most', () => {
    const pieces = [...svgOf(shown.scene, captionOf(shown), colours)];
    const svg = pieces.join('');
    expect(pieces.length).toBeLessThanOrEqual(2 * svgPieces(shown.scene));
    expect(svg).not.toMatch(/<(script|img|!--)|\]\]>|"onload|[\u2028\u202e\u2066\ufffe]/);
    expect(svg.length).toBeLessThan(60_000);
    const tags = [...svg.matchAll(/<\/?([a-z]+)/g)].map(([, tag]) => tag);
    expect([...new Set(tags)].sort()).toEqual(
      ['circle', 'g', 'path', 'rect', 'svg', 'text', 'title'].filter((tag) => tags.includes(tag)),
    );
  });

  test('are text in the report', () => {
    const report = all(reportOf(shown));
    expect(report).not.toMatch(/<(script|img)|[\u2028\u202e\u2066]|[^\\]`|[^\\]\]\(/);
    const rows = report.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(7);
  });

  test('are text in the graph for Graphviz', () => {
    const dot = new TopologyVisualizer(mapOf(shown)).generateDotGraph();
    expect(dot.split('\n').filter((line) => / -> /.test(line))).toHaveLength(hostile.length);
    expect(dot).not.toMatch(/<script|[\u2028\u202e]/);
  });

  test('stand in JSON as they are, in the shape that the API has', () => {
    const pieces = [...jsonOf(shown)];
    expect(pieces).toHaveLength(jsonPieces(shown));
    const answer = graphAnswer.parse(JSON.parse(pieces.join('')));
    // The reader of the contract leaves out what would change an object's kind; the file has it.
    const readable = hostile.filter((name) => name !== '__proto__');
    expect(Object.keys(answer.services).sort()).toEqual(readable.sort());
    expect(pieces.join('')).toContain('"__proto__":{');
    expect(answer.dependencies.map((one) => one.source_service)).toEqual(hostile);
  });
});

test('what is narrowed is exported narrowed', () => {
  const shown = shownOf(['web', 'orders', 'cache', 'mail', 'search'], {
    ...everything,
    only: 'errors',
    find: 'web',
  });
  const focused = shownOf(['web', 'orders', 'cache', 'mail', 'search'], {
    ...everything,
    focus: { service: 'web', steps: 1 },
  });
  const answer = graphAnswer.parse(JSON.parse(all(jsonOf(focused))));
  expect(Object.keys(answer.services).sort()).toEqual(['orders', 'search', 'web']);
  expect(answer.metadata).toMatchObject({ service_count: 3, dependency_count: 2 });
  expect(captionOf(focused)).toBe(
    'ring.example:8756 · live at 1970-01-01 00:00:01 UTC · 1 calls around web · 3 of 5 services',
  );
  expect(captionOf(shown)).toContain('only errors · found by “web” · 0 of 5 services');
  expect(all(reportOf(shown))).toContain('None of those shown.');
});

const at = { toMs: Date.UTC(2026, 10, 21, 14, 2, 10), step: '10s' } as const;
const against = { toMs: Date.UTC(2026, 10, 21, 13, 40), step: '10m' } as const;
test.for([
  ['ring.example:8756', undefined, 'netring-ring.example-8756-map-19700101T000001Z-live.svg'],
  ['ring.example:8756', { at }, 'netring-ring.example-8756-map-20261121T140210Z-10s.svg'],
  ['[::1]:80', { at, against }, 'netring-1-80-map-20261121T140210Z-10s-against-20261121T134000Z.svg'],
  ['../../etc/passwd', { at }, 'netring-etc-passwd-map-20261121T140210Z-10s.svg'],
  ['', { at }, 'netring-ring-map-20261121T140210Z-10s.svg'],
] as const)('of %s at %o the file is called %s', ([ring, time, name]) => {
  const { graph } = shownOf(['a']);
  expect(fileName({ ring, graph, ...(time && { time }) }, 'map', 'svg')).toBe(name);
});

test('the report tells incidents, and paths in trouble both ways', () => {
  const overview = exampleOverview(
    [exampleMember('a', 'us1')],
    mesh(['eu1', 'us1', 'ap1'], { 'us1 eu1': { state: 'degraded', reasons: ['loses 4 % from hop 5 on'] } }),
  );
  const picture = fromSnapshot({
    ...overview,
    incidents: [
      {
        id: 'i1',
        cause: { kind: 'hop', subject: {} },
        severity: 'critical',
        state: 'open',
        summary: 'us1 → eu1 loses 4 % at hop 5 *now*',
        started_ms: nowMs - 240_000,
        changed_ms: nowMs,
        alerts: [],
        silenced: false,
      },
    ],
  });
  const lines = all(reportOf({ ...shownOf(['a']), picture, time: { at } })).split('\n');
  const cell = (line: string): string => line.split(' | ').slice(0, 3).join(' ');
  expect(lines).toContain(
    '- **critical**: us1 → eu1 loses 4 % at hop 5 \\*now\\* (since 2026-11-21 13:58:15 UTC, for 4 min)',
  );
  expect(lines.filter((line) => /^\| (us1|eu1) \|/.test(line)).map(cell)).toEqual([
    '| us1 eu1 degraded',
    '| eu1 us1 ok',
  ]);
  expect(lines).toContain(
    'Made 2026-11-21 14:02:15 UTC. Incidents and paths are of then, services and dependencies of the time above.',
  );
});

test('long work tells how far it is, and stops when it is cancelled', async () => {
  const stop = new AbortController();
  const told: number[] = [];
  const work = createWork(stop.signal, (part) => told.push(part));
  expect(await collected(['a', 'b'], 2, work)).toEqual(['a', 'b']);
  expect(told[0]).toBe(0.5);
  function* endless(): Generator<string> {
    for (let count = 0; ; count++) {
      if (count === 3) stop.abort();
      yield 'x';
    }
  }
  await expect(collected(endless(), 9, work)).rejects.toThrow(/abort/i);
});
