import type { GraphDependency } from '@netring/contract/graph';
import { activityOf } from '@netring/topology';
import type { Edge } from '../drawing/index.ts';

/** Dependencies that were seen in the past minutes: quiet, then ghosts that hold their place. */
export interface EdgeMemory {
  remember(edge: Edge): void;
  firstSeenMs(id: string): number | undefined;
  /** Those that are not present, as they are shown; and the ids of those that are forgotten now. */
  quiet(isPresent: (id: string) => boolean, nowMs: number): { edges: Edge[]; forgotten: string[] };
  size(): number;
}

/** @param forgetsMs after so long without traffic @param liveMs what was seen within that time is present, or is another now */
export function createEdgeMemory(forgetsMs: number, liveMs: number): EdgeMemory {
  const remembered = new Map<string, Edge>();
  const silent = new Map<string, Edge>();
  return {
    remember: (edge) => void remembered.set(edge.view.id, edge),
    firstSeenMs: (id) => remembered.get(id)?.firstSeenMs,
    size: () => remembered.size,
    quiet(isPresent, nowMs) {
      const edges: Edge[] = [];
      const forgotten: string[] = [];
      for (const [id, edge] of remembered) {
        if (isPresent(id)) {
          silent.delete(id);
          continue;
        }
        // Too old; or it was recognised as something else since, and never was what it seemed.
        if (edge.lastSeenMs < nowMs - forgetsMs || edge.lastSeenMs > nowMs - liveMs) {
          remembered.delete(id);
          silent.delete(id);
          forgotten.push(id);
          continue;
        }
        const activity = activityOf(edge.lastSeenMs, nowMs);
        let shown = silent.get(id);
        if (shown?.view.activity !== activity) silent.set(id, (shown = silentEdge(edge, activity)));
        edges.push(shown);
      }
      return { edges, forgotten };
    },
  };
}

function silentEdge(edge: Edge, activity: GraphDependency['activity']): Edge {
  const view = silentView(edge.view, activity);
  return { ...edge, facts: { ...edge.facts, windows: [] }, counted: view, view };
}

/** A dependency without traffic in the window: what it is stays, what was counted goes. */
function silentView(view: GraphDependency, activity: GraphDependency['activity']): GraphDependency {
  const { id, source_service, target_service, protocol, direction, evidence, counted_by, seen_by } = view;
  const reason = 'no traffic was seen in the window';
  return {
    id,
    source_service,
    target_service,
    protocol,
    direction,
    request_count: 0,
    requests_per_second: 0,
    total_bytes: 0,
    bytes_sent: 0,
    bytes_received: 0,
    error_count: 0,
    client_errors: 0,
    server_errors: 0,
    client_gone: 0,
    transport_failures: 0,
    health: 'unknown',
    activity,
    evidence,
    counted_by,
    seen_by,
    first_seen: view.first_seen,
    last_seen: view.last_seen,
    path: view.path,
    blame: { verdict: 'unknown', reasons: [reason] },
  };
}
