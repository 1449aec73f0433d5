import { bucketMs } from '@netring/contract/report';
import type { Collector } from '../collector.ts';
import type { Connection } from './connection.ts';
import { Dependency } from './dependency.ts';
import { dependencyKey, resolveEnds, type LeftOut, type ResolveNeeds } from './ends.ts';

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
  /** `isRenamed`: services are called otherwise than before. */
  look: (
    connections: Iterable<Connection>,
    atMs: number,
    needs: ResolveNeeds,
    isRenamed: boolean,
  ) => LedgerLook;
}

export function createLedger(collector: Pick<Collector, 'observe' | 'signals'>): Ledger {
  const dependencies = new Map<string, Dependency>();
  let generation = 0;

  const settle = (one: Connection, needs: ResolveNeeds, look: LedgerLook): void => {
    const resolved = resolveEnds(one, needs);
    one.generation = generation;
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
  const handOver = (atMs: number): void => {
    for (const [key, dependency] of dependencies) {
      const taken = dependency.take(atMs);
      // Nothing is connected any more.
      if (taken === undefined) dependencies.delete(key);
      else {
        for (const observation of taken.observations) collector.observe(observation);
        collector.signals(taken.of, taken.values);
      }
    }
  };

  return {
    look(connections, atMs, needs, isRenamed) {
      if (isRenamed) generation++;
      const look: LedgerLook = { told: 0, leftOut: new Map(), waiting: 0 };
      const bucket = Math.floor(atMs / bucketMs);
      for (const one of connections) {
        if (one.dependency === undefined || one.generation !== generation) settle(one, needs, look);
        const { dependency } = one;
        if (dependency === undefined) look.waiting++;
        else if (typeof dependency !== 'string') {
          dependency.add(one, atMs, bucket);
          look.told++;
        }
      }
      handOver(atMs);
      return look;
    },
  };
}
