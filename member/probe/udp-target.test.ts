import type { UdpResult } from '@netring/contract/result';
import { describe, expect, test } from 'vitest';
import type { StallWatch } from './stalls.ts';
import { readQuestion, udpKeys, writeAnswer } from './udp-message.ts';
import { createQuestionBook } from './udp-replay.ts';
import { createSigner } from './udp-signature.ts';
import { startUdpTarget } from './udp-target.ts';

/** Nothing was ever held up. */
const awake: StallWatch = {
  enter: () => undefined,
  leave: () => undefined,
  carry: () => undefined,
  late: () => undefined,
  lateMs: () => 0,
  stalls: () => [],
  takeDelayMs: () => 0,
};

/** A path, and who is at its ends, for a question that goes at `sentMs`. */
interface Path {
  roundTripMs: (sentMs: number) => number;
  loses?: (sentMs: number, flow: number) => boolean;
  /** When a bandwidth test of ours goes on. */
  test?: { fromMs: number; toMs: number };
  /** The tokens of the prober; the first is the newest. */
  tokens?: readonly string[];
  farTokens?: (sentMs: number) => readonly string[];
  /** The far end asks, too. */
  heard?: boolean;
}

type Told = UdpResult & { atMs: number; startedMs: number };

const signersOf = (tokens: readonly string[]) =>
  udpKeys(tokens).map((key) => createSigner(Buffer.from(key, 'hex'), 'far'));

/** One target asked for so long on a clock of its own, over a path as described: everything that was told. */
function asked(
  {
    roundTripMs,
    loses = () => false,
    tokens = ['old'],
    farTokens = () => ['old'],
    heard = false,
    test,
  }: Path,
  forMs: number,
): Told[] {
  const book = createQuestionBook(() => 1);
  const told: Told[] = [];
  let nowMs = 0;
  const { target } = startUdpTarget({
    key: 'udp far',
    asker: 1,
    signers: signersOf(tokens),
    intervalMs: 5000,
    flowCount: 16,
    now: () => nowMs,
    watch: awake,
    heardMs: () => (heard ? nowMs : undefined),
    disturbedSince: (fromMs) => test !== undefined && nowMs >= test.fromMs && fromMs <= test.toMs,
    onMeasured: ({ result, startedMs }) =>
      result.kind === 'udp' && told.push({ ...result, startedMs, atMs: nowMs }),
  });
  const onTheWay: { atMs: number; answer: Buffer }[] = [];
  const send = (message: Buffer) => {
    const read = readQuestion(message, signersOf(farTokens(nowMs)));
    if (read === undefined || loses(nowMs, read.question.flow)) return;
    const seen = book.take(read.question.boot, read.question.flow, read.question.seq, nowMs);
    if (seen === undefined) return;
    const answer = writeAnswer({ ...read.question, ...seen, heldUs: 0, lateMs: 0 }, read.signer);
    onTheWay.push({ atMs: nowMs + roundTripMs(nowMs), answer });
    onTheWay.sort((a, b) => a.atMs - b.atMs);
  };
  for (let askMs = 0; askMs < forMs; askMs += target.gapMs(askMs)) {
    while (onTheWay[0] !== undefined && onTheWay[0].atMs <= askMs) {
      nowMs = onTheWay[0].atMs;
      target.take((onTheWay.shift() as { answer: Buffer }).answer, nowMs);
    }
    nowMs = askMs;
    const { message, goes } = target.ask(nowMs);
    goes(nowMs);
    send(message);
  }
  target.stop();
  return told;
}

const between = (fromMs: number, toMs: number) => (ms: number) => ms >= fromMs && ms < toMs;
const lostIn = (told: readonly Told[]) => told.reduce((sum, { sent, received }) => sum + sent - received, 0);

describe('a path that is cut', () => {
  const cutMs = 150_000;
  test.each([1, 100, 150, 305, 334, 600, 900])('is told of within seconds at %d ms', (roundTripMs) => {
    // The second time it has just been hurried over for a loss, so that few questions go out.
    for (const lossMs of [Infinity, cutMs - 75_000]) {
      const loses = (ms: number) => ms >= cutMs || between(lossMs, lossMs + 300)(ms);
      const told = asked({ roundTripMs: () => roundTripMs, loses }, cutMs + 20_000);
      const silent = told.filter(({ outcome }) => outcome === 'timeout');
      expect(silent[0]).toMatchObject({ confirmed: true });
      expect(silent[0]?.atMs).toBeGreaterThan(cutMs);
      expect(silent[0]?.atMs).toBeLessThan(cutMs + 4000);
      expect(lostIn(silent)).toBeGreaterThan(40);
    }
  });

  test.each<[string, Path]>([
    ['loses some', { roundTripMs: () => 305, loses: () => Math.random() < 0.05 }],
    ['loses some on a very long way', { roundTripMs: () => 700, loses: () => Math.random() < 0.05 }],
    ['becomes slower at once', { roundTripMs: (ms) => (ms < 60_000 ? 300 : 900) }],
    ['is away for half a second', { roundTripMs: () => 305, loses: between(60_000, 60_500) }],
  ])('is none that %s', (_, path) => {
    const told = asked(path, 300_000);
    expect(told.length).toBeGreaterThan(40);
    expect(told.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
  });
});

test('what was lost before a far end answered first takes nothing from what is lost on the way there later', () => {
  const loses = (ms: number) => ms < 20_000 || between(60_000, 60_900)(ms);
  const told = asked({ roundTripMs: () => 100, loses, heard: true }, 120_000);
  const [before, later] = [
    told.filter(({ atMs }) => atMs < 20_000),
    told.filter(({ atMs }) => atMs > 40_000),
  ];
  expect(before.every(({ outcome }) => outcome === 'timeout')).toBe(true);
  expect(lostIn(later)).toBeGreaterThan(2);
  const forward = later.reduce((sum, { forward_lost }) => sum + forward_lost, 0);
  expect(forward).toBe(lostIn(later));
});

test('what a bandwidth test of ours lost is in results that tell of its time alone, and in no flow', () => {
  const bandwidth = { fromMs: 60_000, toMs: 70_000 };
  const loses = (ms: number, flow: number) => flow === 3 && between(bandwidth.fromMs, bandwidth.toMs)(ms);
  const told = asked({ roundTripMs: () => 100, loses, test: bandwidth }, 120_000);
  const meets = ({ startedMs, atMs }: Told) => startedMs <= bandwidth.toMs && atMs >= bandwidth.fromMs;
  expect(lostIn(told.filter(meets))).toBeGreaterThan(5);
  const others = told.filter((one) => !meets(one));
  expect(lostIn(others)).toBe(0);
  expect(others.filter(({ forward_lost, return_lost }) => forward_lost + return_lost > 0)).toEqual([]);
  expect(others.filter(({ flows }) => flows?.lossy !== 0)).toEqual([]);
});

describe('while the token is changed', () => {
  const tokens = ['new', 'old'];
  test.each<[string, readonly string[]]>([
    ['old', ['old']],
    ['new', ['new']],
    ['new and old', ['new', 'old']],
  ])('two lost packets are two, where the far end has the %s one', (_, farTokens) => {
    let lost = 0;
    const loses = (ms: number) => ms > 30_000 && lost++ < 2;
    const told = asked({ roundTripMs: () => 100, loses, tokens, farTokens: () => farTokens }, 120_000);
    expect(told.every(({ outcome }) => outcome === 'ok')).toBe(true);
    expect(lostIn(told)).toBe(2);
  });

  test('nothing is lost once a path that was cut answers again', () => {
    const loses = between(30_000, 50_000);
    const told = asked({ roundTripMs: () => 100, loses, tokens }, 120_000);
    const again = told.findIndex(({ atMs, outcome }) => atMs > 50_000 && outcome === 'ok');
    expect(told[again]?.atMs).toBeLessThan(51_000);
    expect(lostIn(told.slice(again + 1))).toBe(0);
  });

  test('a far end that has only the new one from now on is answered by it', () => {
    const farTokens = (ms: number) => (ms < 60_000 ? ['old'] : ['new']);
    const told = asked({ roundTripMs: () => 100, tokens, farTokens }, 120_000);
    expect(told.filter(({ atMs, outcome }) => atMs > 64_000 && outcome !== 'ok')).toEqual([]);
    expect(lostIn(told.filter(({ atMs }) => atMs > 70_000))).toBe(0);
    expect(told.at(-1)?.atMs).toBeGreaterThan(110_000);
  });
});
