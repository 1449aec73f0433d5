export type { EnteredDesk } from './entered-desk.ts';
export { createEntered } from './from-rooms.ts';
