export { createNames, type Names } from './names.ts';
export { forgetOldRoutes } from './old-routes.ts';
export { createRouteBook, type RouteBook, type RouteEvent } from './route-book.ts';
export { slowHop, type SlowHop } from './slow-hop.ts';
export { createTraceIntake, type TraceIntake } from './trace-intake.ts';
export { createTroubleWatch, type TroubleWatch } from './trouble-watch.ts';
