import type { LocationPath } from '@netring/contract/path';
import { latencyText, lossText } from './measure.ts';

/** How a degraded path is worse than it should be, to follow `us1 → eu1`: by what it loses, else by its time. */
export interface DegradedWords {
  /** The same as long as it is worse in the same way. */
  kind: 'loses' | 'slow' | 'degraded';
  says: string;
}

export function degradedWords(path: LocationPath): DegradedWords {
  const bad = path.checks.filter(({ state }) => state === 'degraded');
  const lossy = bad.filter(({ lost }) => lost > 0).sort((a, b) => b.sent - a.sent);
  const [most] = lossy;
  // Whoever sends most packets knows best how many are lost.
  const loss = most && lossText(most.sent, most.lost);
  if (loss !== undefined) return { kind: 'loses', says: ` loses ${loss}` };
  const slow = bad.find(({ usual_ms: usual, p50_ms: median }) => usual !== undefined && median !== undefined);
  if (slow?.usual_ms === undefined || slow.p50_ms === undefined)
    return { kind: 'degraded', says: ' is degraded' };
  const { grown_step: step } = path.route ?? {};
  const where = step && `, since hop ${step.ttl} (${step.ip}) adds ${latencyText(step.added_ms)} more`;
  return {
    kind: 'slow',
    says: ` takes ${latencyText(slow.p50_ms)}, usually ${latencyText(slow.usual_ms)}${where ?? ''}`,
  };
}
