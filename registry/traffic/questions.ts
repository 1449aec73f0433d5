import type { GraphAnswer, GraphDependency, GraphService, Position, SeenSpan } from '@netring/contract/graph';
import type { SourceHealth } from '@netring/contract/inventory';
import { drawGraph, drawServices, iso, type DrawBound, type Edge } from './drawing/index.ts';
import type { Judged } from './facts.ts';
import { gather, type Slot } from './sums/index.ts';
import { judgedIn, shortId, type Reader } from './tiers/index.ts';

/** Which time a graph is about, epoch milliseconds, and which hidden traffic it shows. */
export interface GraphWindow {
  fromMs: number;
  toMs: number;
  include: ReadonlySet<string>;
}

export interface QuestionNeeds {
  reader: Reader;
  bound: DrawBound;
  /** What the live graph says of a dependency now. */
  live(id: string): Judged | undefined;
  positions(ids: Iterable<string>): Record<string, Position>;
  sources(): (SourceHealth & { member: string })[];
}

const notKept = 'what was said of it then is not kept';
const notJudged: Judged = {
  path: { kind: 'none', state: 'unknown', reasons: [notKept] },
  blame: { verdict: 'unknown', reasons: [notKept] },
};

/** What happened shortly before is still the present. */
const presentMs = 60_000;

/** The graph of a window. It never changes afterwards. */
export async function graphOfWindow(
  needs: QuestionNeeds,
  { fromMs, toMs, include }: GraphWindow,
  nowMs: number,
): Promise<GraphAnswer> {
  const slots = await needs.reader.slots(fromMs, toMs, nowMs);
  const isPresent = toMs > nowMs - presentMs;
  const seen = seenIn(slots, fromMs, toMs, nowMs);
  const drawn = drawGraph(
    gather(slots),
    include,
    { nowMs: toMs, windowMs: (seen?.to_ms ?? toMs) - (seen?.from_ms ?? fromMs) },
    {
      judge: ({ id }) =>
        (isPresent ? needs.live(id) : undefined) ?? judgedIn(slots, shortId(id)) ?? notJudged,
      firstSeenMs: () => undefined,
      bound: needs.bound,
    },
  );
  const services = drawServices(drawn.edges, toMs).sort((a, b) => compare(a.service_id, b.service_id));
  const dependencies = drawn.edges.map(({ view }) => view).sort(byEnds);
  return {
    now_ms: nowMs,
    timestamp: iso(toMs),
    services: servicesById(services),
    dependencies,
    metadata: {
      total_observations: drawn.observations,
      service_count: services.length,
      dependency_count: dependencies.length,
      from_ms: fromMs,
      to_ms: toMs,
      hidden: drawn.hidden,
      more_services: drawn.moreServices,
      more_dependencies: drawn.moreDependencies,
      unresolved: services.filter(({ kind }) => kind === 'unresolved').length,
      ...(seen && { seen }),
    },
    positions: needs.positions(services.map((one) => one.service_id)),
    sources: needs.sources(),
  };
}

/** What the numbers are of: stretches that lie in the window in part count whole. */
function seenIn(slots: readonly Slot[], fromMs: number, toMs: number, nowMs: number): SeenSpan | undefined {
  if (slots.length === 0) return undefined;
  return {
    from_ms: slots.reduce((first, { startMs }) => Math.min(first, startMs), fromMs),
    to_ms: Math.min(
      nowMs,
      slots.reduce((last, { startMs, durationMs }) => Math.max(last, startMs + durationMs), toMs),
    ),
    resolution_ms: slots.reduce((coarsest, { durationMs }) => Math.max(coarsest, durationMs), 0),
  };
}

/** What was in the graph in the past minutes, before the present: for a replica that begins to look. */
export async function pastEdges(
  needs: QuestionNeeds,
  fromMs: number,
  toMs: number,
  nowMs: number,
): Promise<Edge[]> {
  const slots = await needs.reader.slots(fromMs, toMs, nowMs);
  const times = { nowMs: toMs, windowMs: toMs - fromMs };
  const { bound } = needs;
  return drawGraph(gather(slots), new Set(), times, {
    judge: () => notJudged,
    firstSeenMs: () => undefined,
    bound,
  }).edges;
}

/** Defined rather than set, so that no name is special. */
export function servicesById(services: readonly GraphService[]): Record<string, GraphService> {
  return Object.fromEntries(services.map((one) => [one.service_id, one]));
}

function byEnds(a: GraphDependency, b: GraphDependency): number {
  return (
    compare(a.source_service, b.source_service) ||
    compare(a.target_service, b.target_service) ||
    compare(a.protocol, b.protocol)
  );
}

/** By code units: the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
