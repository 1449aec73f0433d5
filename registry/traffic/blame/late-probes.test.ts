import { expect, test } from 'vitest';
import { createBlameJudge } from './judge.ts';
import { calm, simulate, type Fault } from './simulated-dependency.ts';

/** Under old connections the lowest round trip stands still for minutes: only probes tell that the network is slower. */
const nature = { ...calm, rttMs: 8, oldConnections: true, bothEnds: true };

/** Windows of 10 s in a row with one fault, with probes of the path or without. */
type Stretch = readonly [windows: number, fault: Fault, probing: boolean];

/** What was said at each window. */
function saidOver(stretches: readonly Stretch[], seed: number) {
  const measured = simulate(nature, seed);
  const judge = createBlameJudge(measured);
  return stretches.flatMap(([windows, fault, probing]) =>
    Array.from({ length: windows }, () => {
      const { facts, nowMs } = measured.pass(fault, probing);
      return judge.judge(facts, nowMs).blame;
    }),
  );
}

const both: Fault = { rttMs: 60, applicationMs: 80 };

test.for([1, 2, 3, 4, 5])(
  'probes that come later than traffic: until it is known what they usually take nobody is accused (%i)',
  (seed) => {
    const said = saidOver(
      [
        [12, {}, false],
        [3, {}, true],
        [6, both, true],
      ],
      seed,
    );
    expect(said.map(({ verdict }) => verdict)).toEqual(said.map(() => 'unknown'));
    expect(said.at(13)?.reasons[0]).toBe(
      'what is usual is not known yet: 2 of 12 undisturbed windows of 10 s',
    );
  },
);

test.for([1, 2, 3, 4, 5])('and then each side is told as ever (%i)', (seed) => {
  const said = saidOver(
    [
      [12, {}, false],
      [12, {}, true],
      [4, both, true],
    ],
    seed,
  );
  expect(said.at(-5)?.verdict).toBe('none');
  expect(said.at(-1)?.verdict).toBe('both');
});
