import type { SourceHealth } from '@netring/contract/inventory';
import { liveRequests, trafficState } from '@netring/contract/traffic';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCollecting } from '../collecting.ts';
import { systemClocks } from '../wall-clock.ts';
import { readRecords } from './records.ts';
import { takeRecords } from './take.ts';

function start() {
  const collecting = createCollecting({
    clocks: systemClocks,
    reporter: 'm1/boot',
    keepMs: 600_000,
    names: [],
    onNews: () => undefined,
    onStep: () => undefined,
  });
  const book = collecting.source('observations', 'fuzz');
  const health = () => collecting.figures().sources[0] as SourceHealth;
  return {
    collecting,
    health,
    take: (text: string) => {
      const read = readRecords(text);
      return read.kind === 'broken'
        ? undefined
        : { all: read.records.length, ...takeRecords(collecting, book, read.records) };
    },
  };
}

const wild = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 600 }),
  fc.jsonValue(),
  fc.double(),
);
const mostly = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ arbitrary: good, weight: 30 }, { arbitrary: wild, weight: 1 });
const host = fc.oneof(fc.constantFrom('10.0.0.1', 'web', '::1', 'unix:/x', 'a]b', '\u202eevil'), fc.domain());
const end = fc.record(
  {
    host: mostly(host),
    port: mostly(fc.nat(70_000)),
    service: mostly(fc.string()),
    network: mostly(fc.string()),
  },
  { requiredKeys: ['host', 'port'] },
);
const observation = fc.record(
  {
    timestamp_ms: mostly(fc.integer({ min: -60_000, max: 15_000 }).map((ms) => Date.now() + ms)),
    source: mostly(end),
    destination: mostly(end),
    protocol: mostly(fc.constantFrom('http', 'tcp')),
    latency_ms: mostly(fc.double({ min: 0, max: 1e12, noNaN: true })),
    bytes_sent: mostly(fc.nat()),
    status_code: mostly(fc.nat(999)),
    method: mostly(fc.constantFrom('GET', 'POST')),
    path: mostly(fc.webPath()),
    weight: mostly(fc.double({ min: 0, max: 1e9, noNaN: true })),
    evidence: mostly(fc.constantFrom('log', 'flow', 'caller')),
  },
  { requiredKeys: ['timestamp_ms', 'source', 'destination'] },
);

test('whatever is sent, each observation is taken, or refused and counted, and the registry can read what was taken', () => {
  const { collecting, health, take } = start();
  let [taken, refused] = [0, 0];
  fc.assert(
    fc.property(fc.array(mostly(observation), { maxLength: 20 }), (list) => {
      const answer = take(JSON.stringify(list));
      if (answer === undefined) return;
      expect(answer.taken + answer.refused).toBe(answer.all);
      taken += answer.taken;
      refused += answer.refused;
      for (const one of answer.refusals) expect(one.reason.length).toBeLessThan(200);
    }),
    { numRuns: 500, seed: 7 },
  );
  expect(taken).toBeGreaterThan(100);
  expect(health().taken).toBe(taken);
  expect(Object.values(health().rejected).reduce((sum, one) => sum + one, 0)).toBe(refused);
  // However many ways there are to be wrong, they are told apart by few reasons.
  expect(Object.keys(health().rejected).length).toBeLessThanOrEqual(32);
  const { traffic = [], requests } = collecting.toTell().part;
  for (const state of traffic) expect(trafficState.parse(state)).toEqual(state);
  if (requests !== undefined) expect(liveRequests.parse(requests)).toEqual(requests);
});

test.each([
  ['a deep list', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['a deep object', '{"source":'.repeat(50_000) + '1' + '}'.repeat(50_000)],
  ['a prototype', '{"__proto__":{"host":"x"},"constructor":{"prototype":1}}'],
  ['one line of a megabyte', `{"timestamp":"${'9'.repeat(1_000_000)}"}`],
  ['zeros', '\u0000'.repeat(10_000)],
  ['half a character', Buffer.from([0x7b, 0x22, 0xc3, 0x22, 0x7d]).toString()],
])('%s is refused', (_, text) => {
  const { collecting, take } = start();
  expect(take(text)?.taken ?? 0).toBe(0);
  expect(collecting.figures().taken).toBe(0);
  expect(({} as { host?: string }).host).toBeUndefined();
});
