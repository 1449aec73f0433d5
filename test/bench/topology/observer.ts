import { TopologyMapper } from '@netring/topology';
import { observationMaker } from './traffic.ts';

/** What one process is to do: the first argument, as JSON. */
export interface ObserverOrder {
  observations: number;
  /** `false` switches it off. */
  windows: boolean;
  percentiles: boolean;
  folding: boolean;
  /** Instead of the library a nested map with two sums, to see what the machine can do. */
  bare: boolean;
}

/** What it prints after `done `. */
export interface ObserverReport {
  perCpuSecond: number;
  taken: number;
  services: number;
  dependencies: number;
  /** Resident set after a quarter and at the end, bytes. */
  quarterBytes: number;
  endBytes: number;
}

interface Sum {
  requests: number;
  latencyMs: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as ObserverOrder;
process.stdout.write(`done ${JSON.stringify(run(order))}\n`);

function run({ observations, windows, percentiles, folding, bare }: ObserverOrder): ObserverReport {
  const mapper = new TopologyMapper({
    percentiles,
    // Full after 20 million observations, so that what is kept longer shows.
    retentionMs: 200_000,
    foldClients: folding,
    ...(windows ? {} : { bucketMs: false as const }),
  });
  // Without folding a client port is a caller: with one port each the graph stays the same.
  const make = observationMaker(folding ? 28_000 : 1);
  const sums = new Map<string, Map<string, Sum>>();
  const started = process.cpuUsage();
  let taken = 0;
  let quarterBytes = 0;
  for (let n = 0; n < observations; n++) {
    const one = make(n);
    if (n === observations >> 2) quarterBytes = process.memoryUsage.rss();
    if (!bare) {
      if (mapper.observeTraffic(one) === 'taken') taken++;
      continue;
    }
    let targets = sums.get(one.source.host);
    if (targets === undefined) sums.set(one.source.host, (targets = new Map<string, Sum>()));
    const sum = targets.get(one.destination.host);
    if (sum === undefined) targets.set(one.destination.host, { requests: 1, latencyMs: one.latency_ms ?? 0 });
    else {
      sum.requests++;
      sum.latencyMs += one.latency_ms ?? 0;
    }
    taken++;
  }
  const used = process.cpuUsage(started);
  const endBytes = process.memoryUsage.rss();
  const { service_count, dependency_count } = mapper.generateTopologyMap().metadata;
  return {
    perCpuSecond: observations / ((used.user + used.system) / 1e6),
    taken,
    services: service_count,
    dependencies: dependency_count,
    quarterBytes,
    endBytes,
  };
}
