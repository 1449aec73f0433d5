export { isAddress, isInside, normalHost } from './address.ts';
export { analyzeGraph, type GraphAnalysis, type ServiceRole } from './analysis.ts';
export { bucketObjection } from './check-bucket.ts';
export { rejectReasons, type ObservationLike, type RejectReason } from './check-observation.ts';
export {
  ServiceClassifier,
  type Classification,
  type ClassifierRule,
  type ServiceFacts,
} from './classifier.ts';
export { defaultRules } from './classifier-rules.ts';
export { diff, type DependencyKey, type TopologyDiff } from './diff.ts';
export type { Annotation } from './entries.ts';
export type { DotOptions } from './dot.ts';
export { escapeDot, escapeHtml, escapeJson, escapeMarkdown, escapeTerminal } from './escape.ts';
export { defaultFilters, healthChecks, monitoring, type TrafficFilter } from './filter.ts';
export {
  activityOf,
  defaultHealth,
  healthOf,
  worstHealth,
  type Activity,
  type HealthThresholds,
} from './health.ts';
export { layOut, type GridPlace, type LayoutNode } from './layout.ts';
export {
  bucketOf as histogramBucket,
  HistogramSum,
  mergeHistograms,
  percentile,
  valueOf as histogramValueMs,
  type Histogram,
} from './histogram.ts';
export {
  analyzeTraffic,
  criticalServices,
  dependenciesOf,
  serviceOf,
  slowDependencies,
  type TrafficPatterns,
} from './map-questions.ts';
export { TopologyMapper, type BatchOutcome } from './mapper.ts';
export type { MapperOptions } from './mapper-options.ts';
export type { MergeOutcome } from './merge.ts';
export { nameOfHost, tokensOf } from './name.ts';
export {
  createTrafficObservation,
  evidences,
  type Endpoint,
  type Evidence,
  type ObservationInput,
  type TrafficObservation,
} from './observation.ts';
export type { ObservationOutcome } from './observer.ts';
export { RouteHint } from './route-hint.ts';
export { protocolOfPort, protocols, serviceTypes, type Protocol, type ServiceType } from './protocol.ts';
export {
  TopologyMap,
  type Direction,
  type Health,
  type Service,
  type ServiceDependency,
  type ServiceEndpoint,
  type TopologyDict,
  type TopologyMetadata,
} from './topology-map.ts';
export type { BucketDependency, BucketListener, BucketService, TrafficBucket } from './traffic-bucket.ts';
export { TopologyVisualizer } from './visualizer.ts';
export type { TopologyWindow } from './window-map.ts';
