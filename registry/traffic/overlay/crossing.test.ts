import { expect, test } from 'vitest';
import { crossingOf, type Crossed } from './crossing.ts';

function call(source: string, target: string, more: Partial<Crossed['view']> = {}): Crossed {
  const end = (text: string): Crossed['facts']['source'] => {
    const [location = '', name = ''] = text.split('/');
    return { id: text, name, kind: 'service', location, hosts: [] };
  };
  const [from, to] = [end(source), end(target)];
  return {
    view: { activity: 'active', path: { kind: 'location', state: 'ok', reasons: [] }, ...more },
    facts: {
      source: from,
      target: to,
      memberPairs: [{ source: `${from.location}-a`, target: `${to.location}-a` }],
    },
  };
}

const over = (ip: string): Partial<Crossed['view']> => ({
  path: { kind: 'location', state: 'ok', reasons: [], worst_step: { ttl: 3, ip, added_ms: 9 } },
});
const graph = [
  call('us1/orders', 'eu1/payments', over('10.0.0.9')),
  call('us1/orders', 'eu1/ledger', over('10.0.0.9')),
  call('eu1/payments', 'us1/rates'),
  call('us1/web', 'us1/orders'),
  call('us1/web', 'ap1/search', { activity: 'quiet' }),
  call('us1/mail', 'sa1/relay', { activity: 'gone' }),
];
const pair = (source_location: string, target_location: string) =>
  ({ kind: 'location_pair', subject: { source_location, target_location } }) as const;
const counts = (dependencies: number, services: string[], now = true, more_services = 0) => ({
  dependencies,
  services,
  more_services,
  now,
});

test.each<[Parameters<typeof crossingOf>[0], ReturnType<typeof crossingOf>]>([
  [pair('us1', 'eu1'), counts(3, ['orders', 'payments'])],
  [pair('eu1', 'us1'), counts(3, ['orders', 'payments'])],
  [pair('us1', 'us1'), counts(1, ['web'])],
  [pair('eu1', 'ap1'), undefined],
  [{ kind: 'location', subject: { location: 'eu1' } }, counts(3, ['orders', 'payments'])],
  [{ kind: 'location', subject: { location: 'us1' } }, counts(4, ['orders', 'payments', 'web'])],
  [{ kind: 'location', subject: { location: 'sa1' } }, counts(1, ['mail'], false)],
  [{ kind: 'direction', subject: { target_location: 'ap1' } }, counts(1, ['web'])],
  [{ kind: 'hop', subject: { hop_ip: '10.0.0.9' } }, counts(2, ['orders'])],
  [{ kind: 'member', subject: { location: 'eu1', instance_id: 'eu1-a' } }, counts(3, ['orders', 'payments'])],
  [{ kind: 'service', subject: { service: 'eu1/payments' } }, undefined],
  [{ kind: 'registry', subject: {} }, undefined],
  [{ kind: 'direction', subject: { target_location: 'eu1', external: true } }, undefined],
])('over %j run %j', (cause, expected) => {
  expect(crossingOf(cause, graph)).toEqual(expected);
});

test('a few services are named, those with most dependencies first, and addresses last', () => {
  const many = ['a', 'b', 'c', 'd'].map((name) => call(`us1/${name}`, 'eu1/x'));
  const unknown = call('us1/203.0.113.9', 'eu1/x');
  unknown.facts.source.kind = 'external';
  const found = crossingOf(pair('us1', 'eu1'), [unknown, unknown, unknown, ...many, call('us1/d', 'eu1/y')]);
  expect(found).toEqual(counts(8, ['d', 'a', 'b'], true, 2));
});
