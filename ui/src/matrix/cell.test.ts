import { describe, expect, test } from 'vitest';
import type { LocationPath } from '@netring/contract/path';
import { exampleNowMs as now, examplePath, unprovedPath } from '../example/example-ring.ts';
import { cellOf, staleAfterMs, type Cell, type View } from './cell.ts';

function shown(path: LocationPath, view: View = 'all', at = now): string {
  const { state, value, unit, note } = cellOf(path, view, at);
  return [state, `${value} ${unit}`.trim(), note].join(' | ');
}

const tcp = { kind: 'tcp', state: 'ok', p50_ms: 10, sent: 12, lost: 0, at_ms: now - 1_000 } as const;
const filtered = { kind: 'icmp', state: 'down', sent: 30, lost: 30, at_ms: now - 1_000 } as const;
const http = { kind: 'http', state: 'down', sent: 12, lost: 12, at_ms: now - 1_000 } as const;

describe('what a cell shows', () => {
  test.for([
    ['up', examplePath('a', 'b'), 'all', 'ok | 10 ms | '],
    ['up by http', examplePath('a', 'b'), 'http', 'ok | 21 ms | '],
    ['up without a latency', examplePath('a', 'b', { checks: [] }), 'all', 'ok | up | '],
    [
      'down',
      examplePath('a', 'b', { state: 'down', checks: [{ ...tcp, state: 'down', lost: 12 }] }),
      'all',
      'down | down | 100 % lost',
    ],
    [
      'degraded, with its loss',
      examplePath('a', 'b', { state: 'degraded', checks: [{ ...tcp, state: 'degraded', lost: 3 }] }),
      'tcp',
      'degraded | 10 ms | 25 % lost',
    ],
    [
      'degraded without loss says so',
      examplePath('a', 'b', { state: 'degraded' }),
      'all',
      'degraded | 10 ms | degraded',
    ],
    [
      'the worst loss of all kinds',
      examplePath('a', 'b', { checks: [tcp, http] }),
      'all',
      'ok | 10 ms | 100 % lost',
    ],
    [
      'one kind down on a path that is up',
      examplePath('a', 'b', { checks: [tcp, http] }),
      'http',
      'down | down | 100 % lost',
    ],
    [
      'filtered ICMP is no loss of the path',
      examplePath('a', 'b', { checks: [tcp, filtered] }),
      'all',
      'ok | 10 ms | ',
    ],
    [
      'filtered ICMP is not down',
      examplePath('a', 'b', { checks: [tcp, filtered] }),
      'icmp',
      'unanswered | filtered | ',
    ],
    [
      'ICMP that nothing answers where TCP does not either',
      examplePath('a', 'b', { state: 'down', checks: [{ ...tcp, state: 'down', lost: 12 }, filtered] }),
      'icmp',
      'down | down | 100 % lost',
    ],
    ['unproved is never red', unprovedPath('a', 'b'), 'all', 'unproved | unproved | '],
    [
      'up but not answering',
      examplePath('a', 'b', { answering: false }),
      'all',
      'unanswered | 10 ms | not answering',
    ],
    [
      'down outweighs not answering',
      examplePath('a', 'b', { answering: false, state: 'down', checks: [] }),
      'all',
      'down | down | ',
    ],
    ['not measured this way', examplePath('a', 'b', { checks: [tcp] }), 'http', 'unmeasured | – | '],
    [
      'unknown, with its age',
      examplePath('a', 'b', { state: 'unknown', at_ms: now - 180_000 }),
      'all',
      'unknown | unknown | 3 min old',
    ],
  ] as [string, LocationPath, View, string][])('%s', ([, path, view, says]) => {
    expect(shown(path, view)).toBe(says);
  });
});

test('a stale value carries its age, and says when it will next change', () => {
  const path = examplePath('a', 'b', { at_ms: now });
  const fresh = cellOf(path, 'all', now);
  expect(fresh.note).toBe('');
  expect(fresh.changesAtMs).toBe(now + staleAfterMs + 1);
  const stale = cellOf(path, 'all', now + 20_400);
  expect(stale.note).toBe('20 s old');
  expect(stale.changesAtMs).toBe(now + 21_000);
});

test('the label is the whole story', () => {
  const reasons = ['TCP connect timed out twice'];
  const checks = [{ ...tcp, state: 'degraded' as const, lost: 3 }];
  const label = ({ label: text }: Cell): string => text.replace(/[\u2068\u2069]/g, '');
  expect(label(cellOf(examplePath('us1', 'eu1', { state: 'degraded', reasons, checks }), 'all', now))).toBe(
    'us1 to eu1: degraded, TCP median 10 ms, 25 % lost. TCP connect timed out twice',
  );
  const silent = examplePath('us1', 'eu1', { checks: [tcp, filtered] });
  expect(label(cellOf(silent, 'all', now))).toBe(
    'us1 to eu1: up, ICMP filtered: no answer, TCP answers, TCP median 10 ms',
  );
  expect(label(cellOf(silent, 'icmp', now))).toBe('us1 to eu1: ICMP filtered: no answer, TCP answers');
});
