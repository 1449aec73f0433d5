import type { GraphAnswer } from '@netring/contract/graph';
import { until } from '../ring/until.ts';

/** A graph in short, so that the whole of it can be held against the truth. */
export interface GraphTold {
  /** `us1/web: web at us1`, with the number of its processes where there are several; `(external)` for what nobody is on. */
  services: string[];
  /** `us1/web → eu1/orders http` */
  dependencies: string[];
}

export function graphTold({ services, dependencies }: GraphAnswer): GraphTold {
  return {
    services: Object.values(services)
      .map(({ service_id, service_name, location, kind, instances }) => {
        const where = location === undefined ? '' : ` at ${location}`;
        const replicas = instances.length > 1 ? ` × ${instances.length}` : '';
        return `${service_id}: ${service_name}${where}${replicas}${kind === 'service' ? '' : ` (${kind})`}`;
      })
      .sort(),
    dependencies: dependencies
      .map((one) => `${one.source_service} → ${one.target_service} ${one.protocol}`)
      .sort(),
  };
}

export function inOrder({ services, dependencies }: GraphTold): GraphTold {
  return { services: [...services].sort(), dependencies: [...dependencies].sort() };
}

/**
 * Waits until a registry draws exactly this, and gives the graph and after how long.
 *
 * @param read gives what `GET /topology` answers
 * @throws Error when it does not within `patienceMs`, with the difference to what was drawn last
 */
export async function untilGraph(
  truth: GraphTold,
  read: () => Promise<GraphAnswer>,
  patienceMs: number,
  more: () => string = () => '',
): Promise<{ value: GraphAnswer; tookMs: number }> {
  const wanted = inOrder(truth);
  let last: GraphTold = { services: [], dependencies: [] };
  return until(
    'the graph is as it truly is',
    patienceMs,
    async () => {
      const graph = await read();
      last = graphTold(graph);
      return JSON.stringify(last) === JSON.stringify(wanted) && graph;
    },
    () => `${difference(wanted, last)}\n${more()}`,
  );
}

function difference(wanted: GraphTold, drawn: GraphTold): string {
  const all = (one: GraphTold) => [...one.services, ...one.dependencies];
  const missing = all(wanted).filter((one) => !all(drawn).includes(one));
  const invented = all(drawn).filter((one) => !all(wanted).includes(one));
  return [...missing.map((one) => `missing: ${one}`), ...invented.map((one) => `not true: ${one}`)].join(
    '\n',
  );
}
