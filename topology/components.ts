import type { Graph } from './graph.ts';

interface Visit {
  at: number;
  rest: Iterator<number>;
}

/**
 * Services that reach each other, as groups (Tarjan 1972, without recursion). A group comes after every group that it
 * calls into.
 */
export function componentsOf({ ids, callees }: Pick<Graph, 'ids' | 'callees'>): number[][] {
  const order = new Int32Array(ids.length).fill(-1);
  const low = new Int32Array(ids.length);
  const isOpen = new Uint8Array(ids.length);
  const open: number[] = [];
  const components: number[][] = [];
  let next = 0;
  const enter = (at: number): Visit => {
    order[at] = low[at] = next++;
    open.push(at);
    isOpen[at] = 1;
    return { at, rest: (callees[at] as Set<number>).values() };
  };
  const leave = (at: number): void => {
    if (low[at] !== order[at]) return;
    const component = open.splice(open.lastIndexOf(at));
    for (const one of component) isOpen[one] = 0;
    components.push(component);
  };
  const lower = (at: number, to: number): void => {
    low[at] = Math.min(low[at] as number, to);
  };
  for (let root = 0; root < ids.length; root++) {
    if (order[root] !== -1) continue;
    const visits = [enter(root)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { done = false, value = -1 } = visit.rest.next() as { done?: boolean; value?: number };
      if (done === true) {
        leave(visit.at);
        visits.pop();
        const before = visits.at(-1);
        if (before !== undefined) lower(before.at, low[visit.at] as number);
      } else if (order[value] === -1) visits.push(enter(value));
      else if (isOpen[value] === 1) lower(visit.at, order[value] as number);
    }
  }
  return components;
}

/** For every service, how many others reach it by calling. One bit for every pair, so 10,000 services take 12 MB. */
export function dependentsOf({ ids, callers }: Graph, components: readonly number[][]): number[] {
  const words = Math.ceil(ids.length / 32);
  const componentOf = new Int32Array(ids.length);
  components.forEach((members, at) => members.forEach((one) => (componentOf[one] = at)));
  const reaching = components.map(() => new Uint32Array(words));
  const counts = new Array<number>(ids.length).fill(0);
  // Callers come after callees in the list: from the end, every group meets its callers done.
  for (let at = components.length - 1; at >= 0; at--) {
    const bits = reaching[at] as Uint32Array;
    const members = components[at] as number[];
    for (const one of members) {
      bits[one >>> 5] = (bits[one >>> 5] as number) | (1 << (one & 31));
      for (const caller of callers[one] as Set<number>) unite(bits, reaching[componentOf[caller] as number]);
    }
    const total = bits.reduce((sum, word) => sum + bitsIn(word), 0);
    for (const one of members) counts[one] = total - 1;
  }
  return counts;
}

function unite(into: Uint32Array, from: Uint32Array | undefined): void {
  if (from === undefined || from === into) return;
  for (let at = 0; at < into.length; at++) into[at] = (into[at] as number) | (from[at] as number);
}

function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
