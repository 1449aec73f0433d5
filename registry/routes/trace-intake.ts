import { externalTargetId } from '@netring/contract/member';
import { describeInvalid } from '@netring/contract/error';
import type { Refusal } from '@netring/contract/report';
import { trace as traceSchema, type KeptTrace, type Trace } from '@netring/contract/trace';
import { appended } from '../changes/index.ts';
import type { Directory } from '../membership/index.ts';
import type { Store } from '../store/index.ts';
import type { Tasks } from '../tasks/index.ts';
import { withTrace, type Ends } from './path-routes.ts';
import { routesGroup, type RouteBook, type TraceChange } from './route-book.ts';

/** Whose traces they are, and where their times stand on the store's clock. */
export interface TraceReport {
  source: string;
  /** The member's clock as it sent. */
  sentMs: number;
  /** The store's clock as it came. */
  receivedMs: number;
}

/** Takes the traces of reports whose session was found right. */
export interface TraceIntake {
  /** Judges them one by one; those refused, with the reason. */
  take(report: TraceReport, traces: readonly unknown[]): Promise<Refusal[]>;
}

/** Routes of a path that nobody has traced for so long are forgotten. */
const keptMs = 24 * 3_600_000;
/** Another trace that would tell whether a route has changed is asked for with this time: members trace a target at most every ten seconds. */
const askAgainMs = 40_000;
/** A task comes with an answer, so a member behind a slow connection may not get it for a while. */
const tries = 3;

export function createTraceIntake(
  store: Store,
  directory: Directory,
  book: RouteBook,
  tasks: Tasks,
  /** Whether a path between two members is degraded or down. */
  isTroubled: (source: string, target: string) => boolean,
): TraceIntake {
  async function takeOne(trace: KeptTrace, ends: Ends): Promise<boolean> {
    const { source, target } = trace;
    const group = routesGroup(source);
    const isWell = trace.cause !== 'trouble' && !isTroubled(source, target);
    let text = book.stored(source, target)?.text;
    for (let left = tries; left > 0; left--) {
      const before = text === undefined ? undefined : (JSON.parse(text) as Parameters<typeof withTrace>[0]);
      const next = withTrace(before, trace, ends, isWell);
      if (next === undefined) return false;
      const value = JSON.stringify(next.routes);
      const change: TraceChange = { kind: 'trace', source, target, id: trace.id };
      const committed = await store.commit({
        require: [{ group, key: target, equals: text }],
        put: [{ group, key: target, value, ttlMs: keptMs }],
        append: appended(change),
      });
      if (committed.outcome === 'done') {
        book.note(source, target, value);
        return next.unsure;
      }
      // Another replica was first, or the store was emptied.
      text = committed.outcome === 'refused' ? committed.found : undefined;
    }
    return false;
  }

  return {
    async take({ source, sentMs, receivedMs }, traces) {
      const refused: Refusal[] = [];
      for (const [index, record] of traces.entries()) {
        const parsed = traceSchema.safeParse(record);
        if (!parsed.success) {
          const { error } = describeInvalid(parsed.error);
          refused.push({
            of: 'traces',
            index,
            ...(error.field !== undefined && { field: error.field }),
            reason: error.message,
          });
          continue;
        }
        const ends = endsOf(directory, source, parsed.data.target);
        // Deregistered while the trace was on its way: nobody's fault.
        if (ends === undefined) continue;
        const kept = keptOf(parsed.data, source, receivedMs - Math.max(0, sentMs - parsed.data.ended_ms));
        const unsure = await takeOne(kept, ends);
        if (kept.task !== undefined) await tasks.done([kept.task]);
        if (unsure) await tasks.ask({ member: source, kind: 'traceroute', target: kept.target }, askAgainMs);
      }
      return refused;
    },
  };
}

function keptOf({ started_ms, ended_ms, ...trace }: Trace, source: string, atMs: number): KeptTrace {
  const duration_ms = Math.max(0, Math.round((ended_ms - started_ms) * 1000) / 1000);
  return { ...trace, source, at_ms: Math.round(atMs), duration_ms };
}

/** `undefined` when either end is not known. */
function endsOf(directory: Directory, source: string, target: string): Ends | undefined {
  const from = directory.get(source)?.record;
  if (from === undefined) return undefined;
  const external = from.external_targets.find((one) => externalTargetId(one) === target);
  const target_location = external?.name ?? directory.get(target)?.record.location;
  return target_location === undefined ? undefined : { source_location: from.location, target_location };
}
