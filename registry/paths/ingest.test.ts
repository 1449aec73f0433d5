import { describe, expect, test } from 'vitest';
import { readReport } from './ingest.ts';

const record = {
  target: 'b',
  checks: 1,
  failed: 0,
  voided: 0,
  sent: 1,
  lost: 0,
  latency: [100, 1],
  last: { kind: 'tcp', outcome: 'ok', ended_ms: 5, connect_ms: 1.5 },
};
const report = {
  instance_id: 'a',
  boot: 'x',
  seq: 3,
  now_ms: 10,
  bucket: { n: 0, started_ms: 0 },
  paths: [record],
};

describe('a report', () => {
  test('that is right is taken whole', () => {
    const read = readReport(report);
    expect(read).toMatchObject({ outcome: 'read', report: { paths: [record], refused: [] } });
  });

  test.each<[string, unknown, string | undefined, string]>([
    ['without a target', { ...record, target: undefined }, 'target', 'target: is missing'],
    [
      'with a control character',
      { ...record, target: 'b\u0007' },
      'target',
      'target: must not contain control characters',
    ],
    ['with half a count', { ...record, sent: 1.5 }, 'sent', 'sent: must be a whole number'],
    ['with an endless count', { ...record, sent: Infinity }, 'sent', 'sent: must be a number'],
    [
      'with half a pair',
      { ...record, latency: [1] },
      'latency',
      'latency: must be pairs of bucket and count',
    ],
    ['with a bucket too high', { ...record, latency: [1102, 1] }, 'latency', 'latency: bucket out of range'],
    ['without a result', { ...record, last: undefined }, 'last', 'last: is missing'],
    ['that is null', null, undefined, 'must be an object'],
    ['that is a list', [], undefined, 'must be an object'],
  ])('has a record %s refused, and the others taken', (_, bad, field, reason) => {
    const read = readReport({ ...report, paths: [record, bad, record] });
    if (read.outcome !== 'read') throw new Error('was refused as a whole');
    expect(read.report.paths).toEqual([record, record]);
    expect(read.report.refused).toEqual([{ index: 1, ...(field === undefined ? {} : { field }), reason }]);
  });

  test.each([
    ['instance_id', { ...report, instance_id: undefined }],
    ['boot', { ...report, boot: '' }],
    ['seq', { ...report, seq: -1 }],
    ['bucket.n', { ...report, bucket: { n: 'x', started_ms: 0 } }],
    ['paths', { ...report, paths: {} }],
    ['paths', { ...report, paths: new Array(5_001).fill(record) }],
    [
      'proofs.0.mac',
      { ...report, proofs: [{ instance_id: 'a', ip: '::1', port: 1, nonce: '0'.repeat(32), mac: '' }] },
    ],
  ])('with a wrong %s is refused as a whole', (field, body) => {
    expect(readReport(body)).toMatchObject({
      outcome: 'invalid',
      answer: { error: { code: 'invalid_field', field } },
    });
  });

  test.each([null, 7, 'text', [], undefined])('that is %j is refused', (body) => {
    expect(readReport(body).outcome).toBe('invalid');
  });

  test('does not keep what nobody asked for', () => {
    const read = readReport({ ...report, paths: [{ ...record, junk: 'x' }] });
    expect(JSON.stringify(read)).not.toContain('junk');
  });
});
