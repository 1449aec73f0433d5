export { dependencyId, iso, type DrawTimes } from './draw-dependency.ts';
export { drawGraph, drawServices, type DrawBound, type DrawNeeds, type Drawn } from './draw-graph.ts';
export type { Edge } from './draw-service.ts';
