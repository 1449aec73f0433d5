import type { Bench } from './bench.ts';
import { ingest } from './ingest/ingest.ts';

/** A new bench is a folder, and a line here. */
export const benches: readonly Bench[] = [ingest];
