import { median, type Bench, type BenchResult, type Figure } from '../bench.ts';
import { startNode } from '../program.ts';
import type { ObserverOrder, ObserverReport } from './observer.ts';
import { dependencyCount, serviceCount } from './traffic.ts';

const on = { windows: true, percentiles: true, folding: true, bare: false };

/** Everything on first: that is the one with a goal. */
const variants = {
  'windows, percentiles and folding on': on,
  'windows off': { ...on, windows: false },
  'percentiles off': { ...on, percentiles: false },
  'folding off': { ...on, folding: false },
  'all three off': { ...on, windows: false, percentiles: false, folding: false },
  'for comparison: a nested map, two sums': { ...on, bare: true },
};
type Variant = keyof typeof variants;
const goalVariant: Variant = 'windows, percentiles and folding on';
const shortForm: Variant[] = [goalVariant, 'all three off', 'for comparison: a nested map, two sums'];

export const topology: Bench = {
  name: 'topology',
  about:
    'observations per second of processor time into 1,000 services and 5,000 dependencies, each made anew; ' +
    'with windows, percentiles and folding on and off, and memory over 100 million',
  async run({ smoke, say }) {
    const [rounds, observations, long] = smoke ? [1, 100_000, 200_000] : [3, 10_000_000, 100_000_000];
    const names = smoke ? shortForm : (Object.keys(variants) as Variant[]);
    const reports = new Map<Variant, ObserverReport[]>(names.map((name) => [name, []]));
    for (let round = 1; round <= rounds; round++) {
      say(`round ${round} of ${rounds}`);
      for (const name of names) reports.get(name)?.push(await observe({ ...variants[name], observations }));
    }
    say(`memory over ${long.toLocaleString('en')} observations`);
    const memory = await observe({ ...on, observations: long });
    return resultOf(reports, memory, observations, long);
  },
};

async function observe(order: ObserverOrder): Promise<ObserverReport> {
  const observer = await startNode('topology/observer.ts', order);
  try {
    // A hundredth of the speed that is asked for.
    const done = await observer.printed(/^done (.*)$/m, 90_000 + order.observations / 30);
    return JSON.parse(done[1] as string) as ObserverReport;
  } finally {
    await observer.stop();
  }
}

function resultOf(
  reports: ReadonlyMap<Variant, ObserverReport[]>,
  memory: ObserverReport,
  observations: number,
  long: number,
): BenchResult {
  const all = [...reports].flatMap(([name, list]) => list.map((one) => ({ name, one })));
  const mapped = all.filter(({ name }) => !variants[name].bare);
  const drawn = [...mapped, { name: goalVariant, one: memory }];
  const figures = [...reports].map(([name, list]): Figure => ({
    name,
    unit: 'observations per CPU second',
    ours: median(list.map((one) => one.perCpuSecond)),
    ...(name === goalVariant ? { goal: { of: 'ours', is: 'at least', value: 3_000_000 } } : {}),
  }));
  const megabytes = { unit: 'MB', ours: memory.endBytes / 1e6 };
  const growth = { unit: 'ratio', ours: memory.endBytes / memory.quarterBytes };
  return {
    figures: [
      ...figures,
      { name: 'over the long run', unit: 'observations per CPU second', ours: memory.perCpuSecond },
      { name: 'resident at its end', ...megabytes },
      { name: 'its end to its first quarter', ...growth, goal: { of: 'ours', is: 'at most', value: 1.2 } },
    ],
    counts: [
      {
        name: 'observations taken',
        expected: all.length * observations + long,
        found: all.reduce((sum, { one }) => sum + one.taken, memory.taken),
      },
      // Unfolded, who calls from a port and who listens at another are two.
      {
        name: 'services',
        expected: drawn.reduce((sum, { name }) => sum + serviceCount * (variants[name].folding ? 1 : 2), 0),
        found: drawn.reduce((sum, { one }) => sum + one.services, 0),
      },
      {
        name: 'dependencies',
        expected: drawn.length * dependencyCount,
        found: drawn.reduce((sum, { one }) => sum + one.dependencies, 0),
      },
    ],
    notes: ['processor time of all threads, the making of the observations among it'],
  };
}
