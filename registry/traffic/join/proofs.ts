import type { Recognised, ResolvedRow } from './resolver.ts';

/**
 * Who is whom where no claim says so: both ends of one connection report it by the same addresses and ports. What was
 * proved once holds for a while, since members name only a few of their connections each time.
 */
export interface Proofs {
  /** Learns from all rows of one stretch of time. */
  learn(rows: readonly ResolvedRow[], atMs: number): void;
  /** Learns from all rows of one stretch of time that name one connection. */
  learnOf(seen: readonly ResolvedRow[], atMs: number): void;
  /** The row with its ends as they were proved. */
  apply(row: ResolvedRow): ResolvedRow;
  /** Another number whenever something new was proved, or is proved no longer. */
  version(): number;
}

interface Proof {
  end: Recognised;
  atMs: number;
}

const keptMs = 15 * 60_000;
const mostProofs = 10_000;

export function createProofs(): Proofs {
  const targets = new Map<string, Proof>();
  const sources = new Map<string, Proof>();
  let version = 0;

  function note(proofs: Map<string, Proof>, key: string, end: Recognised, atMs: number): void {
    const known = proofs.get(key);
    if (known?.end.node.id !== end.node.id) version++;
    proofs.delete(key);
    proofs.set(key, { end, atMs: Math.max(atMs, known?.atMs ?? -Infinity) });
    for (const [old, one] of proofs) {
      if (proofs.size <= mostProofs && one.atMs >= atMs - keptMs) break;
      proofs.delete(old);
      version++;
    }
  }

  function learnOf(seen: readonly ResolvedRow[], atMs: number): void {
    const callers = seen.filter(({ evidence }) => evidence === 'caller');
    const callees = seen.filter(({ evidence }) => evidence === 'callee');
    const [caller, callee] = [callers[0], callees[0]];
    // Somewhere else another connection may bear the same four numbers: then nothing is proved.
    if (caller === undefined || callee === undefined || seen.length !== 2) return;
    if (isOpen(caller.target)) note(targets, keyOf(caller, caller.target), callee.target, atMs);
    if (isOpen(callee.source)) note(sources, keyOf(callee, callee.source), machineOf(caller.source), atMs);
  }

  return {
    version: () => version,
    learn(rows, atMs) {
      for (const seen of tuplesOf(rows).values()) learnOf(seen, atMs);
    },
    learnOf,
    apply(row) {
      if (targets.size + sources.size === 0) return row;
      const target = isOpen(row.target) ? targets.get(keyOf(row, row.target))?.end : undefined;
      const source = isOpen(row.source) ? sources.get(keyOf(row, row.source))?.end : undefined;
      if (target === undefined && source === undefined) return row;
      const { address, port } = row.target;
      return {
        ...row,
        source: source ?? row.source,
        target:
          target === undefined
            ? row.target
            : { ...target, ...(address !== undefined && { address }), ...(port !== undefined && { port }) },
      };
    },
  };
}

function tuplesOf(rows: readonly ResolvedRow[]): Map<string, ResolvedRow[]> {
  const byTuple = new Map<string, ResolvedRow[]>();
  for (const row of rows)
    for (const tuple of row.signals?.tuples ?? []) {
      const known = byTuple.get(tuple);
      if (known === undefined) byTuple.set(tuple, [row]);
      else known.push(row);
    }
  return byTuple;
}

/** An address that no claim explains. */
export function isOpen({ node, address, isOnlyHost }: Recognised): boolean {
  return node.kind !== 'service' && !isOnlyHost && address !== undefined;
}

/** What an address means depends on who saw it. */
function keyOf({ members }: ResolvedRow, { address, port }: Recognised): string {
  return `${[...members].join()}\n${address ?? ''}\n${port ?? ''}`;
}

/** The callee knows an address, behind which several services may be: the machine is all that is proved. */
function machineOf(source: Recognised): Recognised {
  const { host, node } = source;
  if (host === undefined) return source;
  const name = host.slice(host.indexOf('/') + 1);
  return {
    ...source,
    isOnlyHost: true,
    node: {
      id: host,
      name: `unknown process on ${name}`,
      kind: 'external',
      ...(node.location !== undefined && { location: node.location }),
      inside: true,
      instances: [],
      endpoints: [],
      tags: {},
      metadata: { why: 'no member sees the process' },
    },
  };
}
