import type { GraphAnswer } from '@netring/contract/graph';
import { dependency, graphOf, service } from './scripted-graph.ts';

/** As many services, spread over a hundred locations, each calling ten others; every hundredth dependency is slow in itself. */
export function bigGraph(services: number): GraphAnswer {
  const id = (at: number): string => `site${1 + (at % 100)}/service${at % services}`;
  const all = Array.from({ length: services }, (_, at) => service(id(at)));
  const calls = all.flatMap((one, at) =>
    Array.from({ length: 10 }, (_, call) => {
      const target = id(at + 1 + 37 * call);
      const isSlow = (10 * at + call) % 100 === 0;
      return dependency(one.service_id, target, {
        id: `d${at}-${call}`,
        ...(isSlow && {
          health: 'slow',
          blame: { verdict: 'application', reasons: ['it takes 212 ms, usually 18 ms'] },
        }),
      });
    }),
  );
  return graphOf(all, calls);
}
