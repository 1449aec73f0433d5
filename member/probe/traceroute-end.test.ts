import { expect, test } from 'vitest';
import { endTtl, overAtMs, type SentProbe } from './traceroute-end.ts';

const target = '10.0.0.9';
/** `1@0=10 2@1=- 3@2=40!`: probe of hop 1 sent at 0 ms, answered after 10; hop 2 silent; hop 3 the end. `x` for a router's end, `2@?` not sent. */
const probes = (text: string): SentProbe[] =>
  text.split(' ').map((one) => {
    const [, ttl, sent, rtt = '-', end] = /^(\d+)@(\d+|\?)(?:=(\d+|-)([!x])?)?$/.exec(one) as RegExpExecArray;
    return {
      ttl: Number(ttl),
      ...(sent === '?' ? {} : { sentMs: Number(sent) }),
      ...(rtt === '-'
        ? {}
        : {
            answer: {
              from: end === '!' ? target : `10.1.0.${ttl}`,
              rttMs: Number(rtt),
              kind: end === undefined ? ('passed' as const) : ('end' as const),
            },
          }),
    };
  });

test.each<[string, string, number | undefined]>([
  ['everything has answered', '1@0=10 2@1=20 3@2=40!', -Infinity],
  ['what is beyond the target does not matter', '1@0=10 2@1=40! 3@? 4@3', -Infinity],
  ['probes are still to be sent', '1@0=10 2@? 3@2=40!', undefined],
  ['nothing is known of the end', '1@0=10 2@1 3@2', 1002],
  ['a silent hop, the target known', '1@0=10 2@1 3@2=40!', 281],
  ['a hop that has answered before', '1@0=10 1@5 2@2=40!', 73],
  ['a very long way', '1@0=10 2@1 3@2=900!', 1001],
  ['a router that goes no further', '1@0=10 2@1=20x 3@2', -Infinity],
])('a trace is over: %s', (_, text, expected) => {
  expect(overAtMs(probes(text), target)).toEqual(expected);
});

test('the target is its end, also when a router before it says that it is', () => {
  expect(endTtl(probes('1@0=10 2@1=20x 3@2=30!'), target)).toBe(3);
  expect(endTtl(probes('1@0=10 2@1=20x'), target)).toBe(2);
  expect(endTtl(probes('1@0=10'), target)).toBeUndefined();
});
