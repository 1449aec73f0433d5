import type { AlertsAnswer } from '@netring/contract/alert';
import type { GraphAnswer } from '@netring/contract/graph';
import type { OverviewAnswer } from '@netring/contract/overview';
import type { PathsAnswer } from '@netring/contract/path';
import type { WindowsAnswer } from '@netring/contract/topology';
import type { Work } from '../export/work.ts';
import type { Answer } from '../live/ask.ts';
import { spanOf, steps, type Span, type Step } from '../time/moment.ts';
import { cellsAt } from '../time/strip.ts';
import { createArchive, type Archive } from './archive.ts';
import { createPacker, type WindowOfGraph } from './pack-windows.ts';
import type { End, Head } from './recording.ts';

/** Asks the registry; see `askJson`. */
export type Ask = <T>(path: string, signal: AbortSignal) => Promise<Answer<T>>;

export interface RecordingNeeds {
  ask: Ask;
  ring: string;
  /** Which windows are recorded: as far back as the registry keeps this length. */
  step: Step;
  work: Work;
}

/** A file with everything in it is opened, sent and attached: packed, no more than this. Bytes. */
export const mostBytes = 12 * 1024 * 1024;
/** Location pairs in trouble of which the member pairs are recorded, too. */
const mostPairs = 20;
const minuteMs = 60_000;

/** Asks for everything that a replay holds, the newest windows first. Gives the packed lines, ready for a page. */
export async function record(needs: RecordingNeeds): Promise<string> {
  const archive = createArchive();
  try {
    const head = await headOf(needs);
    await archive.add(head);
    await archive.add(await addWindows(needs, archive, head.made_ms));
    return await archive.close();
  } catch (cause) {
    archive.drop();
    throw cause;
  }
}

async function headOf({ ask, ring, work }: RecordingNeeds): Promise<Head> {
  const overview = await told<OverviewAnswer>(ask, 'api/overview', work);
  const alerts = await told<AlertsAnswer>(ask, 'api/alerts', work);
  const graph = await told<GraphAnswer>(ask, 'topology', work);
  const paths: Head['paths'] = [];
  const troubled = overview.location_paths.filter(
    ({ state, target_kind: kind }) => kind === 'member' && (state === 'down' || state === 'degraded'),
  );
  for (const { source, target } of troubled.slice(0, mostPairs)) {
    const query = new URLSearchParams({ source, target }).toString();
    paths.push({ source, target, answer: await told<PathsAnswer>(ask, `api/paths?${query}`, work) });
  }
  return {
    format: 'netring-replay',
    version: 1,
    ring,
    made_ms: overview.now_ms,
    overview,
    alerts,
    graph,
    paths,
  };
}

async function addWindows(needs: RecordingNeeds, archive: Archive, nowMs: number): Promise<End> {
  const { ask, step, work } = needs;
  // A registry that does not tell where trouble was has windows all the same.
  const answer = await ask<WindowsAnswer>('topology/windows', work.signal);
  const told = answer.kind === 'ok' ? answer.data : undefined;
  const spans = spansOf(nowMs, step, told);
  const pack = createPacker();
  let added = 0;
  let fromMs = Infinity;
  for (const span of spans.all) {
    if (archive.bytes > mostBytes) break;
    await archive.add(pack(await windowOf(needs, span)));
    added += 1;
    if (span.toMs - span.fromMs === spans.stepMs) fromMs = Math.min(fromMs, span.fromMs);
    await work.step(added / spans.all.length);
  }
  const { stepMs, newestMs } = spans;
  const stretches = (told?.stretches ?? []).filter((one) => one.start_ms >= fromMs);
  return {
    windows: {
      now_ms: nowMs,
      resolutions: Number.isFinite(fromMs)
        ? [{ resolution_ms: stepMs, kept_ms: nowMs - fromMs, from_ms: fromMs, to_ms: newestMs }]
        : [],
      stretches,
    },
    left_out: spans.all.length - added,
  };
}

/** The windows to record, the newest first; and the minutes of the same time, for what compares two times. */
export function spansOf(
  nowMs: number,
  step: Step,
  told: WindowsAnswer | undefined,
): { all: Span[]; stepMs: number; newestMs: number } {
  const stepMs = steps.find(({ name }) => name === step)?.stepMs ?? minuteMs;
  const only = (told?.resolutions ?? []).filter(({ resolution_ms: ms }) => ms === stepMs);
  const resolutions = only.length > 0 ? only : [{ resolution_ms: stepMs, kept_ms: 0, from_ms: 0 }];
  const cells = cellsAt(nowMs, { now_ms: nowMs, resolutions, stretches: [] });
  const all: Span[] = [];
  const minutes = new Set<number>();
  for (const { moment } of cells.reverse()) {
    all.push(spanOf(moment));
    const toMs = Math.floor(moment.toMs / minuteMs) * minuteMs;
    if (stepMs >= minuteMs || minutes.has(toMs)) continue;
    minutes.add(toMs);
    all.push({ fromMs: toMs - minuteMs, toMs });
  }
  return { all, stepMs, newestMs: all[0]?.toMs ?? nowMs };
}

async function windowOf({ ask, work }: RecordingNeeds, { fromMs, toMs }: Span): Promise<WindowOfGraph> {
  const answer = await told<GraphAnswer>(ask, `topology?from=${fromMs}&to=${toMs}`, work);
  const { now_ms, timestamp, metadata, services, dependencies } = answer;
  // By what was asked for, whatever the registry had of it: so it is asked for again.
  return {
    now_ms,
    timestamp,
    metadata: { ...metadata, from_ms: fromMs, to_ms: toMs },
    services,
    dependencies,
  };
}

async function told<T>(ask: Ask, path: string, { signal }: Work): Promise<T> {
  const answer = await ask<T>(path, signal);
  if (answer.kind === 'ok') return answer.data;
  throw new Error(answer.kind === 'denied' ? 'The registry wants the view token again.' : answer.reason);
}
