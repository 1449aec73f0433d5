import { beforeEach, describe, expect, test } from 'vitest';
import { createLedger, type FlowCounts, type Ledger } from './udp-ledger.ts';
import type { Answer } from './udp-message.ts';

const never = () => false;
let ledger: Ledger;
let counted: FlowCounts;

beforeEach(() => {
  counted = { sent: 0, lost: 0, forwardLost: 0, returnLost: 0 };
  ledger = createLedger(2, (_, change) => {
    for (const key of ['sent', 'lost', 'forwardLost', 'returnLost'] as const)
      counted[key] += change[key] ?? 0;
  });
});

const answer = (seq: number, received: number, more: Partial<Answer> = {}): Answer => ({
  boot: 'boot-one',
  flow: 0,
  seq,
  heldUs: 0,
  received,
  epoch: 7,
  lateMs: 0,
  reordered: 0,
  duplicates: 0,
  ...more,
});

/** Asks so many questions in flow 0. */
function ask(count: number): void {
  for (let i = 0; i < count; i++) ledger.ask(0, 0);
}

describe('the books about one target', () => {
  test.each<
    [string, number, [seq: number, received: number][], { lost: number; forward: number; back: number }]
  >([
    [
      'all answered',
      3,
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
      { lost: 0, forward: 0, back: 0 },
    ],
    [
      'one that never arrived',
      3,
      [
        [0, 1],
        [2, 2],
      ],
      { lost: 1, forward: 1, back: 0 },
    ],
    [
      'one whose answer was lost',
      3,
      [
        [0, 1],
        [2, 3],
      ],
      { lost: 1, forward: 0, back: 1 },
    ],
    ['those before the first answer, of which nobody knows', 4, [[3, 3]], { lost: 3, forward: 0, back: 0 }],
    ['the newest, of which nobody knows', 3, [[0, 1]], { lost: 2, forward: 0, back: 0 }],
    [
      'answers that overtake each other',
      3,
      [
        [0, 1],
        [2, 3],
        [1, 2],
      ],
      { lost: 0, forward: 0, back: 0 },
    ],
    [
      'questions that overtake each other',
      3,
      [
        [0, 1],
        [2, 2],
        [1, 3],
      ],
      { lost: 0, forward: 0, back: 0 },
    ],
  ])('tell %s', (_, asked, answers, { lost, forward, back }) => {
    ask(asked);
    for (const [seq, received] of answers) expect(ledger.answer(answer(seq, received), 5, 10)).toBe('first');
    expect(ledger.giveUp(2000, 1000, never)).toEqual({ lost, voided: 0 });
    expect(counted).toEqual({ sent: asked, lost, forwardLost: forward, returnLost: back });
    expect(ledger.take()).toMatchObject({
      sent: asked,
      received: answers.length,
      forwardLost: forward,
      returnLost: back,
    });
    expect(ledger.take()).toMatchObject({ sent: 0, received: 0, roundTripsMs: [] });
  });

  test('learn which way it was when the path answers again', () => {
    ask(3);
    ledger.answer(answer(0, 1), 5, 10);
    ledger.giveUp(2000, 1000, never);
    ledger.take();
    ask(1);
    ledger.answer(answer(3, 3), 5, 2010);
    expect(ledger.take()).toMatchObject({ sent: 1, received: 1, forwardLost: 1, returnLost: 1 });
  });

  test('take no more room in days of silence, and tell of them no more at once than a result may', () => {
    ask(1);
    ledger.answer(answer(0, 1), 5, 10);
    for (let round = 0; round < 1200; round++) {
      ask(1000);
      expect(ledger.giveUp(2000, 1000, never)).toEqual({ lost: 1000, voided: 0 });
    }
    ask(1);
    ledger.take();
    ledger.answer(answer(1_200_001, 2), 5, 2000);
    expect(ledger.take()).toMatchObject({ sent: 1, received: 1, forwardLost: 1e6, returnLost: 0 });
    expect(ledger.take()).toMatchObject({ sent: 0, received: 0, forwardLost: 200_000, returnLost: 0 });
    expect(ledger.take()).toMatchObject({ forwardLost: 0, returnLost: 0 });
  }, 60_000);

  test('blame no way for what a far end that began anew has forgotten', () => {
    ask(4);
    ledger.answer(answer(0, 1), 5, 10);
    ledger.answer(answer(3, 1, { epoch: 8 }), 5, 20);
    ledger.giveUp(2000, 1000, never);
    expect(ledger.take()).toMatchObject({ sent: 4, received: 2, forwardLost: 0, returnLost: 0 });
  });

  test('blame no way for what was asked before the far end was there, and the right one afterwards', () => {
    ask(4);
    ledger.giveUp(2000, 1000, never);
    expect(ledger.take()).toMatchObject({ sent: 4, received: 0 });
    ask(1);
    ledger.answer(answer(4, 1), 5, 2010);
    expect(ledger.take()).toMatchObject({ sent: 1, forwardLost: 0, returnLost: 0, blindLost: 4 });
    ask(3);
    ledger.answer(answer(7, 3), 5, 2020);
    ledger.giveUp(4000, 1000, never);
    expect(ledger.take()).toMatchObject({ sent: 3, forwardLost: 1, returnLost: 1, blindLost: 0 });
    expect(counted).toEqual({ sent: 8, lost: 6, forwardLost: 1, returnLost: 1 });
  });

  test('tell no way of what is forgotten, and go on with what is asked afterwards', () => {
    ask(1);
    ledger.answer(answer(0, 1), 5, 10);
    ask(5);
    ledger.giveUp(2000, 1000, never);
    ask(1);
    ledger.forgetWays();
    expect(ledger.take()).toMatchObject({ sent: 6, received: 1, blindLost: 5 });
    // Asked before, answered after all; what was lost is between it and the next.
    ledger.answer(answer(2, 2), 5, 2010);
    ask(1);
    ledger.answer(answer(7, 3), 5, 2020);
    expect(ledger.take()).toMatchObject({ forwardLost: 0, returnLost: 0, blindLost: 0 });
    ask(2);
    ledger.answer(answer(9, 4), 5, 2030);
    expect(ledger.take()).toMatchObject({ forwardLost: 1, returnLost: 0 });
  });

  test('take back no loss that was blamed on nobody', () => {
    ask(2);
    ledger.answer(answer(1, 1), 5, 10);
    ledger.answer(answer(0, 2, { reordered: 1 }), 5, 11);
    expect(ledger.take()).toMatchObject({ forwardLost: 0, reordered: 1 });
    expect(counted.forwardLost).toBe(0);
  });

  test('count what comes twice, and what overtook on the way there', () => {
    ask(3);
    ledger.answer(answer(0, 1), 5, 10);
    expect(ledger.answer(answer(0, 1), 5, 11)).toBe('again');
    ledger.answer(answer(2, 2), 5, 12);
    ledger.answer(answer(1, 3, { reordered: 1 }), 5, 13);
    expect(ledger.take()).toMatchObject({ sent: 3, duplicates: 1, reordered: 1 });
  });

  test('take neither an answer that comes too late nor one to a question never asked', () => {
    ask(1);
    ledger.giveUp(2000, 1000, never);
    expect(ledger.answer(answer(0, 1), 1500, 2001)).toBe('late');
    expect(ledger.answer(answer(9, 1), 5, 2001)).toBe('late');
    expect(ledger.answer(answer(0, 1, { flow: 99 }), 5, 2001)).toBe('late');
    expect(ledger.take()).toMatchObject({ sent: 1, received: 0, duplicates: 0 });
  });

  test('count for nothing what was slept through or could not be sent', () => {
    ask(2);
    expect(ledger.giveUp(2000, 1000, () => true)).toEqual({ lost: 0, voided: 2 });
    const seq = ledger.ask(0, 3000);
    ledger.unask(0, seq);
    expect(ledger.ask(0, 3001)).toBe(seq);
    expect(ledger.waiting(3001)).toBe(1);
    expect(ledger.waiting(3000)).toBe(0);
    expect(ledger.take()).toMatchObject({ sent: 0 });
  });
});
