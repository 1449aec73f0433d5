import { describe, expect, it } from 'vitest';
import { failureOf } from './outcome.ts';

describe('whose fault a failed system call is', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'refused'],
    ['ETIMEDOUT', 'timeout'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['ENOTFOUND', 'resolve_failed'],
    ['EAI_AGAIN', 'resolve_failed'],
    ['EMFILE', 'void'],
    ['ENFILE', 'void'],
    ['ENOBUFS', 'void'],
    ['EADDRNOTAVAIL', 'void'],
    ['EACCES', 'void'],
    ['EPERM', 'void'],
    ['ESOMETHINGNEW', 'void'],
  ])('%s: %s', (code, outcome) => {
    const failure = failureOf(Object.assign(new Error('said by the kernel'), { code }));
    expect(failure.outcome).toBe(outcome);
    expect(failure.reason.length).toBeGreaterThan(0);
  });
});
