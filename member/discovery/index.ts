export type { Collector, SignalsOf, SignalValues, SourceBook } from './collector.ts';
export { discoverySettings } from './settings.ts';
export type { DiscoveryConfig, RunningSource, SourceNeeds, StartSource } from './source.ts';
