export type { SpanReader } from './app.ts';
export { startIntake } from './intake.ts';
