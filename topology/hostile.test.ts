import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readByGraphviz } from './fixtures/dot-program.ts';
import { mapperOf, seen, startMs } from './fixtures/observe.ts';
import {
  analyzeGraph,
  escapeHtml,
  escapeJson,
  escapeMarkdown,
  escapeTerminal,
  rejectReasons,
  TopologyMapper,
  TopologyVisualizer,
  type ObservationLike,
} from './index.ts';

const hostileNames = [
  'a"];evil[label="x',
  'back\\slash',
  'ends with \\',
  '\\N\\G\\L',
  '&amp; &lt; &#0; &nosuch;',
  '<b>bold</b>',
  '<script>alert(1)</script>',
  '"onmouseover="alert(1)',
  "it's",
  '| a | b |',
  '[click](javascript:alert(1))',
  '![x](http://evil.example/x.png)',
  'http://evil.example www.evil.example',
  '# title\n\n---\n* item',
  '`code` **bold** ~~gone~~ $x$',
  '\u001b[31mred\u001b[0m\u0007',
  '\u202egnirts\u202c \u2066x\u2069',
  'null\0byte',
  'line\r\nbreak\u2028\u2029\u0085',
  '\ud800 alone',
  '__proto__',
  'constructor',
  'toString',
  'graph { } -> //',
  '日本語 🦊 é',
  ' ',
];

describe('names from outside', () => {
  const map = mapperOf(hostileNames.map((name) => seen(name, `${name} too`))).generateTopologyMap();
  const visualizer = new TopologyVisualizer(map);

  test('are all services', () => {
    expect(Object.keys(map.services)).toHaveLength(2 * hostileNames.length);
    expect(map.services).not.toHaveProperty('polluted');
    expect(analyzeGraph(map).entry_points).toHaveLength(hostileNames.length);
  });

  test('cannot break DOT: dot reads as many nodes and edges as there are', () => {
    const { labels, edges } = readByGraphviz(visualizer.generateDotGraph());
    expect(labels).toHaveLength(2 * hostileNames.length);
    expect(edges).toBe(hostileNames.length);
    for (const label of labels) expect(label.match(/\\n(unknown|[a-z_]+)$/)).not.toBeNull();
  });

  test('cannot break HTML', () => {
    const html = visualizer.generateHtml();
    const tags = new Set(html.match(/<[^>]*>/g));
    expect(
      [...tags].every((tag) => /^<\/?(table|caption|thead|tbody|tr|td|th)( scope="col")?>$/.test(tag)),
    ).toBe(true);
    expect(escapeHtml('"x" onclick=\'y\'')).toBe('&quot;x&quot; onclick=&#39;y&#39;');
  });

  test('cannot break Markdown: every row has as many cells, and nothing in it links or formats', () => {
    const rows = visualizer
      .generateMarkdown()
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(2 * hostileNames.length + hostileNames.length + 4);
    for (const row of rows) expect([8, 13]).toContain(row.split(/(?<!\\)\|/).length);
    expect(escapeMarkdown('[x](http://y) <b> `c` www.z')).toBe(
      '\\[x\\]\\(http:\\/\\/y\\) &lt;b&gt; \\`c\\` www\\.z',
    );
  });

  test('cannot move the cursor of a terminal, nor add a line', () => {
    const text = visualizer.generateAsciiMap();
    expect(text.replaceAll('\n', '')).toBe(escapeTerminal(text.replaceAll('\n', '')));
    expect(text.split('\n')).toHaveLength(
      mapperOf(hostileNames.map((_, n) => seen(`x${n}x`, `y${n}y`))).generateTopologyMap().dependencies
        .length *
        5 +
        13,
    );
  });

  test('cannot end a script element from inside JSON', () => {
    const json = visualizer.exportJson();
    expect(json).not.toContain('<');
    expect(json).not.toMatch(/[\u2028\u2029]/);
    expect(Object.keys((JSON.parse(json) as { services: object }).services)).toHaveLength(52);
    expect(escapeJson('"</script>"')).toBe('"\\u003c/script>"');
  });

  test('of any kind are taken by dot', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
    const names = fc.sample(name, { seed: 1, numRuns: 400 });
    const any = mapperOf(names.map((one) => seen(one, 'web'))).generateTopologyMap();
    const { labels, edges } = readByGraphviz(new TopologyVisualizer(any).generateDotGraph());
    expect([labels.length, edges]).toEqual([any.metadata.service_count, any.metadata.dependency_count]);
  });
});

describe('observations from outside', () => {
  const good = seen('a', 'b');

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'not_an_object'],
    ['null', null, 'not_an_object'],
    ['a text', 'a b', 'not_an_object'],
    ['no source', { ...good, source: undefined }, 'bad_source'],
    ['a source that is null', { ...good, source: null }, 'bad_source'],
    ['an empty host', { ...good, source: { host: '', port: 1 } }, 'bad_source'],
    ['a host of a megabyte', { ...good, source: { host: 'x'.repeat(1 << 20), port: 1 } }, 'bad_source'],
    ['a host that is an object', { ...good, destination: { host: {}, port: 1 } }, 'bad_destination'],
    ['no port', { ...good, destination: { host: 'b' } }, 'bad_destination'],
    ['a port beyond', { ...good, destination: { host: 'b', port: 65_536 } }, 'bad_destination'],
    ['half a port', { ...good, destination: { host: 'b', port: 1.5 } }, 'bad_destination'],
    ['a network that is a number', { ...good, source: { host: 'a', port: 1, network: 5 } }, 'bad_source'],
    ['a known pair with a bad port', { ...good, source: { host: 'a', port: -1 } }, 'bad_source'],
    ['another protocol', { ...good, protocol: 'gopher' }, 'bad_protocol'],
    ['a protocol named __proto__', { ...good, protocol: '__proto__' }, 'bad_protocol'],
    ['negative bytes', { ...good, bytes_sent: -1 }, 'bad_bytes'],
    ['bytes as text', { ...good, bytes_received: '12' }, 'bad_bytes'],
    ['latency NaN', { ...good, latency_ms: Number.NaN }, 'bad_latency'],
    ['latency infinite', { ...good, latency_ms: Infinity }, 'bad_latency'],
    ['status 1000', { ...good, status_code: 1000 }, 'bad_status'],
    ['a method that is a list', { ...good, method: ['GET'] }, 'bad_method'],
    ['a path that is a number', { ...good, path: 1 }, 'bad_path'],
    ['failed as text', { ...good, failed: 'yes' }, 'bad_failed'],
    ['a weight below nothing', { ...good, weight: -1 }, 'bad_weight'],
    ['other evidence', { ...good, evidence: 'hearsay' }, 'bad_evidence'],
    ['no time', { ...good, timestamp_ms: undefined }, 'bad_timestamp'],
    ['a time that is no date', { ...good, timestamp_ms: undefined, timestamp: 'noon' }, 'bad_timestamp'],
    ['a time before 1970', { ...good, timestamp_ms: -1 }, 'bad_timestamp'],
    ['a time after 9999', { ...good, timestamp_ms: 1e300 }, 'bad_timestamp'],
    ['a time of a billion days', { ...good, timestamp_ms: 8.64e16 }, 'bad_timestamp'],
  ])('are refused with a reason: %s', (_, value, reason) => {
    const mapper = mapperOf([good]);
    const batch = mapper.observeTrafficBatch([good, value as ObservationLike, good]);
    expect(batch).toEqual({ taken: 2, sampled_out: 0, rejected: [{ index: 1, reason }] });
    expect(mapper.rejections()).toEqual({ [reason]: 1 });
    expect(mapper.generateTopologyMap().metadata).toMatchObject({
      total_observations: 3,
      rejected: { [reason]: 1 },
    });
  });

  test('of any JSON never throw, and each is counted', () => {
    const mapper = new TopologyMapper();
    const counts = { taken: 0, rejected: 0 };
    const wild = fc.oneof(fc.jsonValue(), fc.constantFrom(Number.NaN, Infinity, -0, '__proto__', undefined));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(good), 'weight', 'failed'), wild, (key, value) => {
        for (const one of [
          value,
          { ...good, [key]: value },
          { ...good, destination: { ...good.destination, [key]: value, host: value } },
        ]) {
          const outcome = mapper.observeTraffic(one as ObservationLike);
          if (outcome === 'taken') counts.taken++;
          else {
            expect(rejectReasons).toContain(outcome);
            counts.rejected++;
          }
        }
      }),
      { numRuns: 2000 },
    );
    const { metadata } = mapper.generateTopologyMap({ include: ['health_check', 'monitoring'] });
    const refused = Object.values(mapper.rejections()).reduce((sum, one) => sum + one, 0);
    expect([refused, counts.taken + counts.rejected]).toEqual([counts.rejected, 6000]);
    expect(metadata.service_count).toBeGreaterThan(1);
    expect(Object.prototype).not.toHaveProperty('host');
  });

  test('200,000 of them, all different, leave no more than the limits allow', () => {
    const limits = { services: 500, dependencies: 1000, endpoints: 8, hosts: 2000 };
    const mapper = new TopologyMapper({ limits, retentionMs: 20_000 });
    let taken = 0;
    for (let n = 0; n < 200_000; n++) {
      const outcome = mapper.observeTraffic({
        timestamp_ms: startMs + n,
        source: { host: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, port: n & 65_535 },
        destination: { host: `victim${n % 3000}x`, port: (n * 7) & 65_535 },
        protocol: 'tcp',
        path: `/${n}`,
      });
      if (outcome === 'taken') taken++;
    }
    const { metadata } = mapper.generateTopologyMap();
    expect(metadata.service_count).toBeLessThanOrEqual(501);
    expect(metadata.dependency_count).toBeLessThanOrEqual(1000);
    expect(metadata.folded_services).toBeGreaterThan(0);
    expect(taken + (metadata.rejected.too_many_dependencies ?? 0)).toBe(200_000);
  });
});
