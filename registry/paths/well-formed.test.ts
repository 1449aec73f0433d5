import { pathTotals } from '@netring/contract/report';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWellFormed } from './well-formed.ts';

const tcp = {
  target: 'b',
  checks: 2,
  failed: 0,
  voided: 0,
  sent: 2,
  lost: 0,
  latency: [88, 2],
  last: { kind: 'tcp', outcome: 'ok', ended_ms: 12.5, connect_ms: 0.4 },
};
const http = {
  ...tcp,
  endpoint: '/health',
  last: { kind: 'http', outcome: 'bad_status', ended_ms: 1, status: 503, first_byte_ms: 1.5, total_ms: 2 },
};

const icmp = {
  ...tcp,
  last: {
    kind: 'icmp',
    outcome: 'ok',
    ended_ms: 1,
    sent: 3,
    received: 2,
    min_ms: 1,
    median_ms: 2,
    max_ms: 3,
    jitter_ms: 1,
  },
};
const flows = { count: 16, lossy: 0, over_ms: 900_000 };
const ways = { forward_lost: 1, return_lost: 0, reordered: 0, duplicates: 0 };
const udp = { ...tcp, last: { ...icmp.last, ...ways, kind: 'udp', flows } };
const lossy = { ...flows, lossy: 3, confidence: 0.99999, loss_ratio: 0.3, direction: 'forward' };

describe('the quick look at a record', () => {
  test.each([
    ['tcp', tcp],
    ['http', http],
    ['icmp', icmp],
    [
      'icmp without an answer',
      { ...tcp, last: { kind: 'icmp', outcome: 'timeout', ended_ms: 1, sent: 3, received: 0 } },
    ],
    ['udp', udp],
    [
      'udp without flows',
      { ...tcp, last: { kind: 'udp', outcome: 'ok', ended_ms: 1, sent: 3, received: 3, ...ways } },
    ],
    ['without a latency', { ...tcp, latency: [], last: { kind: 'tcp', outcome: 'timeout', ended_ms: 3 } }],
  ])('knows an ordinary record: %s', (_, record) => {
    expect(isWellFormed(record)).toBe(true);
  });

  const values = fc.oneof(
    fc.constantFrom<unknown>(undefined, null, '', ' ', 'a', 'a ', 'é', '\u0000', 'x'.repeat(201), -1, 0, 0.5),
    fc.constantFrom<unknown>(
      1,
      99,
      600,
      221,
      1e9,
      1e9 + 1,
      3_600_001,
      NaN,
      Infinity,
      true,
      [],
      {},
      [1],
      [1, 2],
    ),
    fc.constantFrom<unknown>(
      [1, -2],
      [1102, 1],
      [1.5, 2],
      ['1', 2],
      'ok',
      'void',
      'tcp',
      'http',
      'icmp',
      'udp',
    ),
    fc.constantFrom<unknown>(
      flows,
      lossy,
      { ...flows, count: 257 },
      { ...flows, count: 0 },
      { ...flows, over_ms: -1 },
    ),
    fc.constantFrom<unknown>(
      { ...flows, over_ms: 86_400_001 },
      { ...flows, more: 1 },
      { count: 16, lossy: 0 },
      1e6,
      1e6 + 1,
    ),
  );
  const fields = fc.constantFrom(...Object.keys(http), 'more', '__proto__');
  const lastFields = fc.constantFrom(
    'kind',
    'outcome',
    'ended_ms',
    'reason',
    'confirmed',
    'status',
    'connect_ms',
    'sent',
    'received',
    'median_ms',
    'forward_lost',
    'duplicates',
    'flows',
  );
  const moreFields = fc.constantFrom(
    'syn_retransmits',
    'name_ms',
    'tls_ms',
    'first_byte_ms',
    'total_ms',
    'more',
  );
  const change = fc.tuple(fc.boolean(), fields, fc.oneof(lastFields, moreFields), values);

  test('never lets pass what the schema refuses or would change', () => {
    const records = fc.tuple(
      fc.constantFrom<object & { last: object }>(tcp, http, icmp, udp),
      fc.array(change, { maxLength: 3 }),
    );
    fc.assert(
      fc.property(records, ([record, changes]) => {
        const changed: Record<string, unknown> = { ...record, last: { ...record.last } };
        for (const [inLast, field, lastField, shared] of changes) {
          const value: unknown = structuredClone(shared);
          const { last } = changed;
          if (inLast && typeof last === 'object' && last !== null)
            Object.assign(last, { [lastField]: value });
          else changed[field] = value;
        }
        // As it comes out of a body.
        const parsed: unknown = JSON.parse(JSON.stringify(changed));
        if (isWellFormed(parsed)) expect(pathTotals.parse(parsed)).toEqual(parsed);
      }),
      { numRuns: 5000 },
    );
  });
});
