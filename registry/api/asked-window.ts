import type { GraphAnswer } from '@netring/contract/graph';
import { defaultFilters } from '@netring/topology';
import type { Call, Rooms } from './context.ts';
import { refuseField } from './api-error.ts';

const dayMs = 24 * 3_600_000;
const leastMs = 10_000;
/** Members hide what these let through: they have no others. */
const filterNames = defaultFilters.map(({ name }) => name);
const units = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/**
 * The graph that a call asks for: `?window=30s|15m|2h` up to now, `?from=&to=` (epoch milliseconds or ISO 8601) for a past
 * one, else the live one; `?include=health_check` shows what filters hide.
 */
export async function graphAsked(c: Call, rooms: Rooms): Promise<GraphAnswer> {
  const { window, from, to, include } = c.req.query();
  if (window === undefined && from === undefined && to === undefined && include === undefined)
    return rooms.traffic.live();
  const nowMs = Math.round(rooms.clock.nowMs());
  const shown = new Set((include ?? '').split(',').filter((one) => one !== ''));
  const unknown = [...shown].find((one) => !filterNames.includes(one));
  if (unknown !== undefined) throw refuseField('include', `must be among ${filterNames.join(', ')}`);
  const toMs = to === undefined ? nowMs : momentOf('to', to, nowMs);
  const fromMs =
    from === undefined
      ? toMs - (window === undefined ? 60_000 : windowOf(window))
      : momentOf('from', from, nowMs);
  if (window !== undefined && from !== undefined)
    throw refuseField('window', 'must not be given together with from');
  if (toMs - fromMs < leastMs) throw refuseField('from', 'must be at least 10 s before to');
  return rooms.traffic.window({ fromMs, toMs, include: shown });
}

/** A length such as `30s`, `15m`, `2h`, milliseconds. */
export function windowOf(text: string): number {
  const found = /^(\d{1,6})(s|m|h)$/.exec(text);
  const ms = found === null ? NaN : Number(found[1]) * units[found[2] as keyof typeof units];
  if (!(ms >= leastMs && ms <= dayMs)) throw refuseField('window', 'must be from 10s to 24h, such as 15m');
  return ms;
}

/** A moment of the past day. */
export function momentOf(field: string, text: string, nowMs: number): number {
  const ms = /^\d{1,16}$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isFinite(ms)) throw refuseField(field, 'must be epoch milliseconds or ISO 8601');
  if (ms < nowMs - dayMs - 60_000)
    throw refuseField(field, 'lies further back than the 24 hours that are kept');
  if (ms > nowMs + 60_000) throw refuseField(field, 'lies in the future');
  return Math.min(ms, nowMs);
}
