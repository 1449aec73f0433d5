export { startIntake, type HandleTraces, type TracesAnswer } from './intake.ts';
