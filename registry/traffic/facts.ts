import type { BlameView, GraphService, PathUnder } from '@netring/contract/graph';
import type { TrafficSignals } from '@netring/contract/traffic';
import type { Evidence, Histogram } from '@netring/topology';

/** A machine that an end of a dependency was on. */
export interface HostFacts {
  /** The member on that machine; absent where there is none. */
  member?: string;
  /** The machine's name; its address where nobody says a name. */
  name: string;
  /** The address that traffic knows it by. */
  address: string;
}

/** One end of a dependency: a service, or who stands for one. */
export interface EndFacts {
  /** Id of the service in the graph. */
  id: string;
  name: string;
  kind: GraphService['kind'];
  /** Absent for what lies outside every location. */
  location?: string;
  /** Machines that this dependency was seen from or at in the window; of a service with replicas not all of its machines. */
  hosts: readonly HostFacts[];
}

/** Requests as the best source counted them. Errors as in the topology library. */
export interface CountFacts {
  /** The source whose counts these are: nothing is counted twice. */
  countedBy: Evidence;
  /** Logs and spans that were written down by who was called; absent of who called, or where it is not known. */
  side?: 'callee';
  requests: number;
  client_errors: number;
  server_errors: number;
  client_gone: number;
  transport_failures: number;
  /** Requests of which nobody said whether they failed. */
  unjudged: number;
  bytes_sent: number;
  bytes_received: number;
  latency_sum_ms: number;
  latency_count: number;
  latency_max_ms: number;
  /** Of the same source. */
  latency: Histogram;
}

/**
 * The signals of one kind of evidence, merged over the members that have it: floors are the lowest, medians are weighted
 * by connections, everything else adds up. Kinds are never added to each other. What nobody measured is absent.
 */
export type SignalFacts = Omit<TrafficSignals, 'source' | 'target' | 'protocol' | 'tuples'>;

/** What was seen of one dependency in one window of 10 s. */
export interface WindowFacts {
  /** Epoch milliseconds on the store's clock, on the grid of 10 s. */
  startMs: number;
  durationMs: number;
  /** Whether it is over and reported; an open one still grows. */
  closed: boolean;
  /** Absent where only signals were seen. */
  counts?: CountFacts;
  signals: readonly SignalFacts[];
}

/** All that is known of one dependency, for whoever judges it. */
export interface DependencyFacts {
  /** The id that the graph gives it. */
  id: string;
  source: EndFacts;
  target: EndFacts;
  protocol: string;
  /** Windows with traffic, oldest first: of the last minute in the live graph, as many as there are when it is read back. */
  windows: readonly WindowFacts[];
  /** Pairs of members whose hosts were seen as the two ends of a call, the busiest first; empty where an end has no member. */
  memberPairs: readonly { source: string; target: string }[];
}

export interface Judged {
  path: PathUnder;
  blame: BlameView;
}

/**
 * Lays the measured path under a dependency and says what makes it slow. Called with the whole of the last minute again
 * and again: a window that is closed and was not seen before is news, for the baseline too.
 */
export interface Judge {
  judge(facts: DependencyFacts, nowMs: number): Judged;
  /** Told what is no longer in the graph, so that its memory goes with it. */
  forget(dependencyIds: readonly string[]): void;
}

/** Judges nothing, and says why. */
export function createNoJudge(reason: string): Judge {
  const judged: Judged = {
    path: { kind: 'none', state: 'unknown', reasons: [reason] },
    blame: { verdict: 'unknown', reasons: [reason] },
  };
  return { judge: () => judged, forget: () => undefined };
}
