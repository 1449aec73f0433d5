export { createNoJudge, type DependencyFacts, type Judge, type Judged } from './facts.ts';
export { createJudging, type Judging } from './judging.ts';
export { createLinks, linkReport, linkSettings, mostWatchers, type Links } from './links/index.ts';
export { crossingOf, othersOnHop, sharedHops, type Crossed } from './overlay/index.ts';
export { mapOf } from './as-map.ts';
export { mostPositions } from './positions.ts';
export { createTraffic, type Traffic, type TrafficListener } from './room.ts';
export { trafficSettings } from './settings.ts';
