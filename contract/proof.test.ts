import { describe, expect, test } from 'vitest';
import { newNonce, provesAddress, signAddress, signedAnswer, type AddressClaim } from './proof.ts';

const token = 'a join token of some length';
const claim: AddressClaim = { instance_id: 'us1-a', ip: '192.0.2.1', port: 8757 };
const nonce = '0123456789abcdef0123456789abcdef';
const answer = signAddress(token, claim, nonce);

describe('the address proof', () => {
  test('convinces everyone who holds the token', () => {
    expect(provesAddress(token, claim, answer)).toBe(true);
    expect(signedAnswer.parse(answer)).toEqual(answer);
  });

  test.each<[string, Partial<AddressClaim>]>([
    ['another address', { ip: '192.0.2.2' }],
    ['another port', { port: 8758 }],
    ['another instance', { instance_id: 'us1-b' }],
  ])('cannot be carried to %s, neither as it is nor rewritten', (_, other) => {
    const elsewhere = { ...claim, ...other };
    expect(provesAddress(token, elsewhere, answer)).toBe(false);
    expect(provesAddress(token, elsewhere, { ...answer, ...other })).toBe(false);
  });

  test('does not hold for another nonce, nor under another token', () => {
    expect(provesAddress(token, claim, { ...answer, nonce: nonce.replace('0', 'f') })).toBe(false);
    expect(provesAddress('another join token', claim, answer)).toBe(false);
    expect(provesAddress(token, claim, signAddress('another join token', claim, nonce))).toBe(false);
  });

  test('keeps fields apart that read the same when they are joined', () => {
    const one = signAddress(token, { instance_id: 'a', ip: '1.1.1.1', port: 11 }, nonce);
    const two = signAddress(token, { instance_id: 'a1', ip: '.1.1.1', port: 11 }, nonce);
    expect(one.mac).not.toBe(two.mac);
  });

  test('asks with a nonce of 128 bits that is never the same', () => {
    const nonces = Array.from({ length: 100 }, newNonce);
    expect(new Set(nonces).size).toBe(100);
    for (const one of nonces) expect(one).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each([
    ['mac', { mac: 'x' }],
    ['mac', { mac: answer.mac.slice(2) }],
    ['nonce', { nonce: '' }],
    ['port', { port: 0 }],
    ['ip', { ip: 'example.org' }],
  ])('with a wrong %s is refused where it enters', (field, wrong) => {
    const parsed = signedAnswer.safeParse({ ...answer, ...wrong });
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([field]);
  });
});
