import { expect, test } from 'vitest';
import { generateFaults } from './fault.ts';
import { numbersOf } from './numbers.ts';

test.each([1, 2, 3, 42])(
  'twenty faults of seed %i: all rows, every link with a hop, the same again',
  (seed) => {
    const faults = generateFaults(numbersOf(seed));
    expect(faults).toHaveLength(20);
    expect(new Set(faults.map(({ row }) => row))).toEqual(
      new Set([
        ...[
          'application',
          'network at a hop',
          'network, not on the probed path',
          'loss',
          'receiver not reading',
        ],
        ...['proxy', 'accept queue', 'both', 'errors', 'cut', 'a slow tail', 'probes switched off'],
      ]),
    );
    expect(new Set(faults.flatMap(({ hop }) => hop?.ttl ?? []))).toEqual(new Set([2, 3, 4]));
    expect(JSON.stringify(generateFaults(numbersOf(seed)))).toBe(JSON.stringify(faults));
  },
);
