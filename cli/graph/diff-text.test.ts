import type { DiffAnswer } from '@netring/contract/topology';
import { expect, test } from 'vitest';
import { diffText } from './diff-text.ts';

const atMs = Date.parse('2026-01-31T12:00:00Z');
const seen = { from_ms: atMs - 60_000, to_ms: atMs, resolution_ms: 10_000 };
const same: DiffAnswer = {
  now_ms: atMs + 600_000,
  from_ms: atMs,
  to_ms: atMs + 600_000,
  window_ms: 60_000,
  before: seen,
  after: seen,
  services: { gained: [], lost: [], reclassified: [], changed_health: [], worse: [], better: [] },
  dependencies: { gained: [], lost: [], changed_health: [], worse: [], better: [] },
};
const edge = { id: 'a', source_service: 'us1/web', target_service: 'eu1/orders', protocol: 'http' };

test('two times that are alike have no difference', () => {
  expect(diffText(same)).toBe('no difference');
});

test('what does worse or better is told with its figures, once', () => {
  const text = diffText({
    ...same,
    dependencies: {
      ...same.dependencies,
      changed_health: [{ ...edge, from: 'healthy', to: 'failing' }],
      worse: [
        {
          ...edge,
          changes: [
            { of: 'health', from: 'healthy', to: 'failing' },
            { of: 'blame', from: 'none', to: 'network', reason: 'hop 3 adds 40 ms' },
            { of: 'latency', from_ms: 31.004, to_ms: 214 },
            { of: 'errors', from_share: 0, to_share: 0.125 },
          ],
        },
      ],
      better: [{ ...edge, id: 'b', protocol: 'tcp', changes: [{ of: 'path', from: 'down', to: 'ok' }] }],
    },
  });
  expect(text.split('\n').slice(1)).toEqual([
    'worse   dependency  us1/web → eu1/orders (http)  healthy → failing; blame none → network (hop 3 adds 40 ms); p95 31 → 214 ms; failed 0 → 12.5 %',
    'better  dependency  us1/web → eu1/orders (tcp)   path down → ok',
  ]);
});

test('where nothing is kept of a time, nothing is called new or lost without saying so', () => {
  const { before: _before, ...rest } = same;
  const text = diffText({ ...rest, services: { ...same.services, gained: ['us1/web'] } });
  expect(text.split('\n').slice(1)).toEqual([
    '+  service  us1/web',
    'Of the 60 s before 2026-01-31T12:00:00.000Z nothing is kept: what is told as new may have been there.',
  ]);
});
