import { latestTimestampMs, type RejectReason } from './check-observation.ts';
import { checkWindow } from './check-window.ts';
import { drawMap } from './draw-map.ts';
import type { Knowledge } from './knowledge.ts';
import type { TopologyMap } from './topology-map.ts';
import { viewOf } from './view.ts';

/** Which time, and which hidden traffic, a map is about. Buckets that lie partly in the window count whole. */
export interface TopologyWindow {
  /** Epoch milliseconds, inclusive. */
  fromMs?: number;
  /** Epoch milliseconds, exclusive. */
  toMs?: number;
  /** Instead of `fromMs`: so far back from the present. */
  lastMs?: number;
  /** Filters whose traffic is shown, too, such as `health_check`. */
  include?: readonly string[];
}

/** The service graph of a window. */
export function mapOfWindow(
  { settings, names, directory, timeline, filters }: Knowledge,
  { lastMs, toMs = Infinity, include = [], ...rest }: TopologyWindow,
  rejected: Partial<Record<RejectReason, number>>,
): TopologyMap {
  checkWindow({ toMs, ...rest, ...(lastMs !== undefined && { lastMs }) });
  const fromMs = rest.fromMs ?? (lastMs === undefined ? -Infinity : timeline.nowMs - lastMs);
  const { percentiles, classifier, health, limits } = settings;
  const isShown = (filter: number): boolean => filter === 0 || include.includes(filters.name(filter) ?? '');
  const idOf = (id: string): string => names.get(id) ?? id;
  const view = viewOf(timeline.within(fromMs, toMs), { idOf, isShown, percentiles });
  const hidden = view.observations.flatMap((count, filter) =>
    isShown(filter) ? [] : [[filters.name(filter) ?? '', Math.round(count)] as const],
  );
  const shown = view.observations.reduce((sum, count, filter) => sum + (isShown(filter) ? count : 0), 0);
  const metadata = {
    total_observations: Math.round(shown),
    ...(isTime(fromMs) ? { from: fromMs } : {}),
    ...(isTime(toMs) ? { to: toMs } : {}),
    rejected,
    hidden: Object.fromEntries(hidden),
    folded_services: directory.folded,
  };
  return drawMap(view, metadata, { classifier, health, endpoints: limits.endpoints, fromMs, toMs });
}

function isTime(value: number): boolean {
  return value >= 0 && value <= latestTimestampMs;
}
