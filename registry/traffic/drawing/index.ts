export { dependencyId, factsOf, iso, type DrawTimes } from './draw-dependency.ts';
export {
  drawGraph,
  drawServices,
  edgeOf,
  mutual,
  withinBound,
  type DrawBound,
  type DrawNeeds,
  type Drawn,
} from './draw-graph.ts';
export { drawService, endpointsOf, type Edge, type Surrounded } from './draw-service.ts';
