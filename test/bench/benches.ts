import { bandwidth } from './bandwidth/bandwidth.ts';
import { accuracy } from './accuracy/accuracy.ts';
import type { Bench } from './bench.ts';
import { dashboard } from './dashboard/dashboard.ts';
import { footprint } from './footprint/footprint.ts';
import { graph } from './graph/graph.ts';
import { ingest } from './ingest/ingest.ts';
import { logs } from './logs/logs.ts';
import { probes } from './probes/probes.ts';
import { scale } from './scale/scale.ts';
import { sockets } from './sockets/sockets.ts';
import { topology } from './topology/topology.ts';
import { trace } from './trace/trace.ts';

/** A new bench is a folder, and a line here. */
export const benches: readonly Bench[] = [
  ingest,
  probes,
  accuracy,
  scale,
  footprint,
  topology,
  graph,
  bandwidth,
  trace,
  sockets,
  logs,
  dashboard,
];
