import { expect, test } from 'vitest';
import { exampleDependency, exampleService } from '../example/example-graph.ts';
import {
  crossingSameHop,
  dependencySentence,
  errorWords,
  latencyWords,
  rateWords,
  serviceWords,
} from './words.ts';

type But = Parameters<typeof exampleDependency>[2];
const one = (but: But = {}) => exampleDependency('us1/web', 'eu1/db', but);
const nameOf = (id: string): string => id.split('/')[1] ?? id;

test.for([
  [0, 'no requests'],
  [0.05, '3.0/min'],
  [0.1, '0.1/s'],
  [9.94, '9.9/s'],
  [9.96, '10/s'],
  [1_234.5, '1235/s'],
] as const)('%d a second is "%s"', ([rate, words]) => {
  expect(rateWords(rate)).toBe(words);
});

test('errors are told by whose they are', () => {
  expect(errorWords(one())).toBeUndefined();
  expect(errorWords(one({ server_errors: 2, client_errors: 1, transport_failures: 3, client_gone: 4 }))).toBe(
    '2 × 5xx, 1 × 4xx, 3 unanswered, 4 × client gone',
  );
});

test('latency is of requests, else of connections, else nothing', () => {
  const { p95_latency_ms: _p95, ...untimed } = one();
  expect(latencyWords(one())).toMatch(/^p95 20/);
  expect(latencyWords({ ...untimed, rtt_floor_ms: 4 })).toMatch(/^round trip 4/);
  expect(latencyWords(untimed)).toBeUndefined();
});

test('a service has its location; what is not known has its id', () => {
  expect(serviceWords(exampleService('us1/web'), 'us1/web')).toBe('web (us1)');
  expect(serviceWords(exampleService('api.example'), 'api.example')).toBe('api.example');
  expect(serviceWords(undefined, 'us1/was')).toBe('us1/was');
});

test.for([
  [{}, 'web calls db over http, 10/s, p95 20 ms, path up'],
  [
    { health: 'failing', server_errors: 7, blame: { verdict: 'network', reasons: [] } },
    'web calls db over http, 10/s, p95 20 ms, 7 × 5xx, failing, path up, blame: the network',
  ],
  [
    { path: { kind: 'local', state: 'ok', reasons: [] }, health: 'unknown' },
    'web calls db over http, 10/s, p95 20 ms, not measured',
  ],
] as [But, string][])('%j is a sentence', ([but, sentence]) => {
  expect(dependencySentence(one(but), nameOf)).toBe(sentence);
});

test('who else crosses the hop: by its address, without itself, nobody where none is known', () => {
  const over = (id: string, ip: string | undefined) =>
    one({
      id,
      path: {
        kind: 'member',
        state: 'degraded',
        reasons: [],
        ...(ip !== undefined && { worst_step: { ttl: 3, ip, added_ms: 20 } }),
      },
    });
  const all = [over('a', '10.9.9.9'), over('b', '10.9.9.9'), over('c', '10.8.8.8'), over('d', undefined)];
  const crossing = (at: number): string[] => crossingSameHop(all[at] ?? one(), all).map(({ id }) => id);
  expect([crossing(0), crossing(2), crossing(3)]).toEqual([['b'], [], []]);
});
