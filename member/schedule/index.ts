export type { Check } from './checks.ts';
export { askDelayMs } from './member-list.ts';
export { createSchedule, type Schedule } from './schedule.ts';
