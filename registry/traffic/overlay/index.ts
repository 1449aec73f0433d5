export { crossingOf, type Crossed } from './crossing.ts';
export { lay } from './lay.ts';
export type { Laid } from './laid.ts';
export { createMeasuredPaths, type MeasuredPaths, type PathRooms } from './measured-paths.ts';
export { othersOnHop, sharedHops, type SharedHop } from './same-hop.ts';
