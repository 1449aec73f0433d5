import { endId } from '@netring/contract/end';
import { bucketMs } from '@netring/contract/report';
import type { Collector } from '../collector.ts';
import type { Connection } from './connection.ts';
import { Dependency } from './dependency.ts';
import { dependencyKey, resolveEnds, type LeftOut, type ResolveNeeds } from './ends.ts';

/** The other end of a connection may be seen later: it is looked for again after so many looks. */
const retryLooks = 12;

/** What came of the connections of one look. */
export interface LedgerLook {
  /** Connections that were told. */
  told: number;
  /** New ones that are not told, by the reason. */
  leftOut: Map<LeftOut, number>;
  /** Connections whose process has not been found yet. */
  waiting: number;
}

/** Sums up connections by dependency, and hands the sums to the collector. */
export interface Ledger {
  /** `renamed`: names that something had before and is not called by any more. */
  look: (
    connections: Iterable<Connection>,
    atMs: number,
    needs: ResolveNeeds,
    renamed: ReadonlySet<string>,
  ) => LedgerLook;
}

export function createLedger(collector: Pick<Collector, 'observe' | 'signals'>): Ledger {
  const dependencies = new Map<string, Dependency>();
  let looks = 0;

  const settle = (one: Connection, needs: ResolveNeeds, look: LedgerLook): void => {
    const resolved = resolveEnds(one, needs);
    if (resolved.outcome === 'waits') one.dependency = undefined;
    else if (resolved.outcome === 'left out') {
      if (one.dependency !== resolved.why)
        look.leftOut.set(resolved.why, (look.leftOut.get(resolved.why) ?? 0) + 1);
      one.dependency = resolved.why;
    } else {
      const key = dependencyKey(resolved.ends);
      let known = dependencies.get(key);
      if (known === undefined)
        dependencies.set(key, (known = new Dependency(resolved.ends, resolved.tellsTuples)));
      one.dependency = known;
    }
  };
  const outdate = (names: ReadonlySet<string>): void => {
    const ids = new Set([...names].map((name) => endId({ kind: 'service', name })));
    for (const [key, dependency] of dependencies) {
      const { source, destination } = dependency.ends;
      if (!ids.has(source.service) && !ids.has(destination.service)) continue;
      dependency.isStale = true;
      dependencies.delete(key);
    }
  };
  const handOver = (atMs: number, bucket: number): void => {
    for (const [key, dependency] of dependencies) {
      const taken = dependency.take(atMs, bucket);
      if (taken.kind === 'gone') dependencies.delete(key);
      if (taken.kind !== 'news') continue;
      for (const observation of taken.observations) collector.observe(observation);
      collector.signals(taken.of, taken.values);
    }
  };

  return {
    look(connections, atMs, needs, renamed) {
      if (renamed.size > 0) outdate(renamed);
      const look: LedgerLook = { told: 0, leftOut: new Map(), waiting: 0 };
      const isRetried = looks++ % retryLooks === 0;
      const bucket = Math.floor(atMs / bucketMs);
      for (const one of connections) {
        if (isUnsettled(one, isRetried)) settle(one, needs, look);
        const { dependency } = one;
        if (dependency === undefined) look.waiting++;
        else if (typeof dependency !== 'string') {
          dependency.add(one, bucket);
          look.told++;
        }
      }
      handOver(atMs, bucket);
      return look;
    },
  };
}

function isUnsettled({ dependency }: Connection, isRetried: boolean): boolean {
  if (typeof dependency === 'string') return isRetried && dependency === 'other_end_unseen';
  return dependency === undefined || dependency.isStale;
}
