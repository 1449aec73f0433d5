import type { Alert, RuleName } from '@netring/contract/alert';
import type { Trouble } from './trouble.ts';

/** Conditions that no path's state tells: what a bandwidth test and a trace found. */
const untoldByStates: readonly RuleName[] = ['low_bandwidth', 'high_hop_latency'];

/**
 * Conditions that hold and are not told as alerts yet, since they have not held long enough: a look at the screen should not
 * have to wait for what is awaited before somebody is woken.
 */
export function conditionTroubles(alerts: readonly Alert[]): Trouble[] {
  return alerts
    .filter(({ state, rule, silenced_by: silences }) => {
      return state === 'pending' && untoldByStates.includes(rule) && silences.length === 0;
    })
    .map(ofAlert);
}

function ofAlert({ id, summary, pending_since_ms: sinceMs, subject }: Alert): Trouble {
  const { source_location: source, target_location: target, external } = subject;
  const place = source === undefined || target === undefined ? undefined : { source, target };
  return {
    severity: 'warn',
    key: `condition ${id}`,
    text: [{ said: summary }],
    sinceMs,
    ...(place && { pair: { ...place, kind: external === true ? 'external' : 'member' } }),
    // Nothing else tells this: no alert about the same path covers it.
    about: [],
  };
}
