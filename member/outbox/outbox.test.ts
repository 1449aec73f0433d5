import { describe, expect, it } from 'vitest';
import { verdictOf } from './outbox.ts';

const plan = { version: 'v1', epoch: 3 };
const answered = (status: number, body: unknown = { error: { code: 'x', message: 'y' } }) =>
  verdictOf({ kind: 'answered', status, body }).kind;

describe('what the registry says to a report', () => {
  it.each([
    [400, 'invalid'],
    [413, 'invalid'],
    [401, 'later'],
    [404, 'later'],
    [409, 'later'],
    [429, 'later'],
    [503, 'later'],
  ])('status %d: %s', (status, kind) => {
    expect(answered(status)).toBe(kind);
  });

  it('taken, with the records it refused', () => {
    const refused = [{ index: 2, reason: 'latency: must be pairs' }];
    const verdict = verdictOf({ kind: 'answered', status: 200, body: { status: 'ok', plan, refused } });
    expect(verdict).toEqual({ kind: 'taken', plan, tasks: [], refused });
  });

  it('an answer that is not one changes nothing', () => {
    expect(answered(200, { status: 'fine' })).toBe('later');
    expect(verdictOf({ kind: 'away', reason: 'no answer within 10 s' }).kind).toBe('later');
  });
});
