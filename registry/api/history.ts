import { baselinesAnswer } from '@netring/contract/baseline';
import { historyAnswer } from '@netring/contract/history';
import { refuse, refuseField } from './api-error.ts';
import type { App, Call, Rooms } from './context.ts';
import { described } from './describe.ts';
import { locationBaselines } from './location-baselines.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** An hour in a step is as coarse as history itself ever becomes. */
const mostStepMs = 3_600_000;

/** `/api/history`, `/api/baselines`. */
export function historyRoutes(app: App, rooms: Rooms): void {
  app.get(
    '/api/history',
    described({
      summary:
        'The past day of a path, of two instance ids or two locations; from_ms, to_ms and step_ms narrow and coarsen it',
      tag: 'paths',
      answer: historyAnswer,
    }),
    async (c) => {
      const source = needed(c, 'source');
      const target = needed(c, 'target');
      const pairs = rooms.picture.pairsOf(source, target);
      if (pairs.length === 0)
        throw refuse(404, 'unknown_path', 'no such path: see /api/paths for those there are');
      const nowMs = Math.round(rooms.clock.nowMs());
      const span = spanOf(c, nowMs);
      const points = await rooms.history.read(pairs, span);
      const [only] = pairs;
      const baselines = pairs.length === 1 && only ? rooms.history.baselinesOf(only.source, only.target) : [];
      return c.json({
        now_ms: nowMs,
        source,
        target,
        step_ms: span.stepMs,
        points,
        baselines: [...(baselines ?? [])],
      });
    },
  );
  app.get(
    '/api/baselines',
    described({ summary: 'What is usual between locations', tag: 'paths', answer: baselinesAnswer }),
    (c) => {
      const known = rooms.history.baselines();
      const locationOf = (id: string) => rooms.directory.get(id)?.record.location;
      return c.json({
        now_ms: Math.round(rooms.clock.nowMs()),
        baselines: locationBaselines(known, locationOf),
      });
    },
  );
}

function needed(c: Call, name: 'source' | 'target'): string {
  const value = c.req.query(name);
  if (value === undefined || value === '')
    throw refuseField(name, 'must be given: an instance id or a location');
  return value;
}

/** The past day unless asked otherwise; steps are whole minutes. */
function spanOf(c: Call, nowMs: number): { fromMs: number; toMs: number; stepMs: number } {
  const toMs = Math.min(nowMs, numberOf(c, 'to_ms') ?? nowMs);
  const fromMs = Math.max(nowMs - dayMs, numberOf(c, 'from_ms') ?? nowMs - dayMs);
  if (fromMs >= toMs) throw refuseField('from_ms', 'must be before to_ms, and both within the past day');
  const stepMs = numberOf(c, 'step_ms') ?? minuteMs;
  if (stepMs % minuteMs !== 0 || stepMs < minuteMs || stepMs > mostStepMs)
    throw refuseField('step_ms', `must be whole minutes, from ${minuteMs} to ${mostStepMs}`);
  return { fromMs, toMs, stepMs };
}

function numberOf(c: Call, name: string): number | undefined {
  const text = c.req.query(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0)
    throw refuseField(name, 'must be a whole number of milliseconds');
  return value;
}
