export { createMetrics, type MemberMetrics } from './metrics.ts';
export type { MemberFacts } from './self-metrics.ts';
