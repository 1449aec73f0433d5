import type { Heard } from '../membership/index.ts';
import type { SelfTold } from './path-book.ts';

/** What of a member's words about itself everybody may see. The way here makes its clock seem a little behind. */
export function saidOfItself(told: SelfTold | undefined): Omit<Heard, 'peers'> {
  if (told === undefined) return { probes_off: [] };
  const { self, atMs } = told;
  return {
    probes_off: self.probes_off,
    ...(self.clock_ms !== undefined && { clock_ahead_ms: Math.round(self.clock_ms - atMs) }),
    ...(self.schedule !== undefined && { schedule: { at_ms: atMs, ...self.schedule } }),
  };
}
