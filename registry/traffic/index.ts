export { createNoJudge, type DependencyFacts, type Judge, type Judged } from './facts.ts';
export { createTraffic, type Traffic, type TrafficListener } from './room.ts';
export { trafficSettings } from './settings.ts';
