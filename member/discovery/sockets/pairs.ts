import type { Connection } from './connection.ts';

/** Finds the other end of a connection, where it is on this host, too: by its four addresses and ports. */
export interface Pairs {
  add(one: Connection): void;
  remove(one: Connection): void;
  otherEnd(one: Connection): Connection | undefined;
}

export function createPairs(): Pairs {
  const byTuple = new Map<string, Connection>();
  /** Seen in two namespaces that have the same addresses: nobody can tell which is meant. */
  const ambiguous = new Set<string>();
  return {
    add(one) {
      const key = keyOf(one, one.tuple());
      if (byTuple.has(key)) ambiguous.add(key);
      else byTuple.set(key, one);
    },
    remove(one) {
      const key = keyOf(one, one.tuple());
      if (byTuple.get(key) !== one) return;
      byTuple.delete(key);
      ambiguous.delete(key);
    },
    otherEnd(one) {
      const key = keyOf(one, one.reverseTuple());
      return ambiguous.has(key) ? undefined : byTuple.get(key);
    },
  };
}

/** Loopback connections stay inside their namespace. */
function keyOf({ isLoopback, namespace, transport }: Connection, tuple: string): string {
  return isLoopback ? `${transport} ${namespace} ${tuple}` : `${transport} ${tuple}`;
}
