export type { SpanAnswer } from './answer.ts';
export { thisMachine, type Here } from './here.ts';
export {
  createSpanIntake,
  defaultSpanLimits,
  type SpanIntake,
  type SpanIntakeOptions,
  type SpanLimits,
} from './intake.ts';
