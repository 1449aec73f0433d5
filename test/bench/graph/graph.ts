import { median, quantile, type Bench } from '../bench.ts';
import { startNode } from '../program.ts';
import type { LookerOrder, LookerReport } from './looker.ts';

const large: LookerOrder = { services: 1_000, dependencies: 5_000, seconds: 30 };
const small: LookerOrder = { services: 40, dependencies: 80, seconds: 6 };

export const graph: Bench = {
  name: 'graph',
  about:
    'processor time of one look at the live service graph: 1,000 services, 5,000 dependencies seen at both ends, one in ' +
    'twenty becoming another each second; beside the same drawn from nothing',
  async run({ smoke, say }) {
    const order = smoke ? small : large;
    say(`${order.seconds} s of a graph of ${order.dependencies} dependencies`);
    const looker = await startNode('graph/looker.ts', order);
    try {
      const done = await looker.printed(/^done (.*)$/m, 600_000);
      const report = JSON.parse(done[1] as string) as LookerReport;
      const { lookMs, anewMs, newAfterMs, dependencies, expected } = report;
      const anew = median(anewMs);
      return {
        figures: [
          {
            name: 'a look, median',
            unit: 'CPU ms',
            ours: median(lookMs),
            peer: anew,
            goal: { of: 'ours', is: 'at most', value: 60 },
          },
          { name: 'a look, p95', unit: 'CPU ms', ours: quantile(lookMs, 0.95), peer: anew },
          {
            name: 'a new dependency is told after',
            unit: 'ms',
            ours: newAfterMs,
            goal: { of: 'ours', is: 'at most', value: 1_000 },
          },
        ],
        counts: [{ name: 'dependencies', expected, found: dependencies }],
        notes: ['the peer is the whole picture drawn from nothing, as every look was before'],
      };
    } finally {
      await looker.stop();
    }
  },
};
