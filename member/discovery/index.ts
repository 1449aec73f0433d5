export type { CollectingFigures } from './collecting.ts';
export type { Collector, SignalsOf, SignalValues, SourceBook } from './collector.ts';
export { startDiscovery, type Discovery } from './discovery.ts';
export { discoverySettings } from './settings.ts';
export type { DiscoveryConfig, RunningSource, SourceNeeds, StartSource } from './source.ts';
export type { DiscoveryPart, Telling } from './telling.ts';
