import { newNonce, signAddress } from '@netring/contract/proof';
import type { PlanMember } from '@netring/contract/plan-answer';
import { describe, expect, it } from 'vitest';
import { createProofBook } from './proof-book.ts';

const token = 'the ring’s join token';
const member: PlanMember = { instance_id: 'm2', location: 'eu1', ip: '10.0.0.2', port: 8757 };
const signed = (by: string, claim: PlanMember) => signAddress(by, claim, newNonce());

describe('the proof book', () => {
  it.each([
    ['nothing', member, false],
    ['a proof that came with the plan', { ...member, proof: signed(token, member) }, true],
    ['a proof under the previous token', { ...member, proof: signed('previous', member) }, true],
    ['a proof by a stranger', { ...member, proof: signed('guessed', member) }, false],
    ['a proof of another address', { ...member, proof: signed(token, { ...member, ip: '10.0.0.9' }) }, false],
    [
      'a proof carried to another address',
      { ...member, ip: '192.0.2.1', proof: signed(token, member) },
      false,
    ],
  ])('believes or not: %s', (_, claimed, proved) => {
    expect(createProofBook([token, 'previous']).isProved(claimed)).toBe(proved);
  });

  it('asks for nothing where there is no token', () => {
    const book = createProofBook([]);
    expect(book.isProved(member)).toBe(true);
    expect(book.toAsk([member], 0)).toEqual([]);
  });

  it('asks an address once a minute until it answers', () => {
    const book = createProofBook([token]);
    const asked = [0, 1000, 59_999, 60_000, 60_001].map((nowMs) => book.toAsk([member], nowMs).length);
    expect(asked).toEqual([1, 0, 0, 1, 0]);
    expect(book.take(member, signed('guessed', member))).toBe(false);
    expect(book.isProved(member)).toBe(false);
    expect(book.take(member, signed(token, member))).toBe(true);
    expect(book.isProved(member)).toBe(true);
    expect(book.toAsk([member], 200_000)).toEqual([]);
  });

  it('asks again when a member has moved', () => {
    const book = createProofBook([token]);
    book.take(member, signed(token, member));
    const moved = { ...member, ip: '10.0.0.3' };
    book.keepOnly([moved]);
    expect(book.isProved(moved)).toBe(false);
    expect(book.toAsk([moved], 0)).toEqual([moved]);
    expect(book.isProved(member)).toBe(false);
  });

  it('tells the registry of each proof it gained, once', () => {
    const book = createProofBook([token]);
    const answer = signed(token, member);
    book.take(member, answer);
    expect(book.untold(64)).toEqual([answer]);
    expect(book.untold(64)).toEqual([answer]);
    book.told([answer]);
    expect(book.untold(64)).toEqual([]);
  });

  it('tells it again when a new list shows that the registry has lost it', () => {
    const book = createProofBook([token]);
    const answer = signed(token, member);
    expect(book.isProved({ ...member, proof: answer })).toBe(true);
    book.listed([{ ...member, proof: answer }]);
    expect(book.untold(64)).toEqual([]);
    book.listed([member]);
    book.listed([member]);
    expect(book.untold(64)).toEqual([answer]);
  });
});
